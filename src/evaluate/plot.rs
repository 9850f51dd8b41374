//! Plots as inline SVG.

use std::fmt::Write;

use crate::report::escaped;

/// The side of a plot's square, and what is around it, in pixels.
const SIDE: f64 = 240.0;
const LEFT: f64 = 44.0;
const TOP: f64 = 10.0;
const BELOW: f64 = 40.0;

/// A plot of shares against shares.
pub(super) struct Plot<'p> {
    /// What it shows.
    pub title: &'p str,
    /// What goes to the right, and up to which value.
    pub across: (&'p str, f64),
    /// What goes up.
    pub upward: &'p str,
    /// Points joined by a line, in order.
    pub line: Vec<(f64, f64)>,
    /// Points of their own, each with a radius in pixels and a remark.
    pub dots: Vec<(f64, f64, f64, String)>,
    /// Whether the diagonal is drawn: where what is said would be so.
    pub diagonal: bool,
}

impl Plot<'_> {
    /// The plot as an `svg` element in a `figure`; colours are those of the page's style.
    pub(super) fn svg(&self) -> String {
        let (width, height) = (LEFT + SIDE + 12.0, TOP + SIDE + BELOW);
        let most = self.across.1;
        let x = |value: f64| LEFT + SIDE * (value / most).clamp(0.0, 1.0);
        let y = |value: f64| TOP + SIDE * (1.0 - value.clamp(0.0, 1.0));
        let title = escaped(self.title);
        let mut svg = format!(
            "<figure><figcaption>{title}</figcaption><svg viewBox=\"0 0 {width} {height}\" width=\"{width}\" \
             height=\"{height}\" role=\"img\" aria-label=\"{title}\">"
        );
        // A String takes whatever is written to it.
        for i in 0..=4 {
            let share = f64::from(i) / 4.0;
            let (gx, gy) = (x(share * most), y(share));
            let _ = write!(
                svg,
                "<path class=\"grid\" d=\"M{gx:.1} {TOP}V{:.1}M{LEFT} {gy:.1}H{:.1}\"/>\
                 <text x=\"{gx:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{}</text>\
                 <text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">{share}</text>",
                TOP + SIDE,
                LEFT + SIDE,
                TOP + SIDE + 14.0,
                (share * most * 1e4).round() / 1e4,
                LEFT - 5.0,
                gy + 4.0,
            );
        }
        let (middle, half) = (LEFT + SIDE / 2.0, TOP + SIDE / 2.0);
        let _ = write!(
            svg,
            "<text x=\"{middle}\" y=\"{:.1}\" text-anchor=\"middle\">{}</text>\
             <text transform=\"translate(11 {half}) rotate(-90)\" text-anchor=\"middle\">{}</text>",
            height - 6.0,
            escaped(self.across.0),
            escaped(self.upward),
        );
        if self.diagonal {
            let _ = write!(svg, "<path class=\"ideal\" d=\"M{} {}L{} {}\"/>", x(0.0), y(0.0), x(most), y(most));
        }
        if !self.line.is_empty() {
            let points: Vec<String> =
                self.line.iter().filter(|p| p.0 <= most).map(|p| format!("{:.1},{:.1}", x(p.0), y(p.1))).collect();
            let _ = write!(svg, "<polyline class=\"curve\" points=\"{}\"/>", points.join(" "));
        }
        for (at, up, radius, remark) in &self.dots {
            let _ = write!(
                svg,
                "<circle cx=\"{:.1}\" cy=\"{:.1}\" r=\"{radius:.1}\"><title>{}</title></circle>",
                x(*at),
                y(*up),
                escaped(remark)
            );
        }
        svg.push_str("</svg></figure>\n");
        svg
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_a_text_becomes_markup() {
        assert_eq!(escaped("<a href='x'>&\"\u{1b}"), "&lt;a href=&#39;x&#39;&gt;&amp;&quot;\u{fffd}");
    }

    #[test]
    fn corners_are_where_they_belong() {
        let plot = Plot {
            title: "<t>",
            across: ("false", 0.5),
            upward: "true",
            line: vec![(0.0, 0.0), (0.5, 1.0), (0.9, 1.0)],
            dots: vec![(0.25, 0.5, 3.0, "a & b".into())],
            diagonal: true,
        };
        let svg = plot.svg();
        // What lies beyond the plot is left out.
        assert!(svg.contains("points=\"44.0,250.0 284.0,10.0\""), "{svg}");
        assert!(svg.contains("cx=\"164.0\" cy=\"130.0\"") && svg.contains("a &amp; b") && svg.contains("&lt;t&gt;"));
    }
}
