//! The page in a record of a web archive: HTTP's header cut off, the charset decoded.

use std::borrow::Cow;
use std::io::Read;

use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};
use unspin::document::Input;

use super::headers::Headers;
use super::{Limits, Text};

/// As far as this a page may say what charset it is in.
const META: usize = 2048;

/// Of what kind the page in a record is; none where it holds none.
fn kind(record: &Headers, http: Option<&Headers>, body: &[u8]) -> Option<Input> {
    let media_type = match http {
        Some(http) => http.media_type(),
        None => record.media_type(),
    };
    match media_type.as_deref() {
        Some("text/html" | "application/xhtml+xml") => Some(Input::Html),
        Some("text/markdown") => Some(Input::Markdown),
        Some("text/plain") => Some(Input::Text),
        None if is_conversion(record) => Some(Input::Text),
        // A server may have said nothing.
        None | Some("") if body.trim_ascii_start().starts_with(b"<") => Some(Input::Html),
        _ => None,
    }
}

/// Whether a record is the text of a page.
fn is_conversion(record: &Headers) -> bool {
    record.get("warc-type").is_some_and(|t| t.eq_ignore_ascii_case("conversion"))
}

/// The header of HTTP and the body, where a record holds them.
fn parts<'b>(record: &Headers, block: &'b [u8]) -> Option<(Option<Headers>, &'b [u8])> {
    let is_http = || record.media_type().is_some_and(|t| t == "application/http" || t == "application/http;msgtype");
    match record.get("warc-type")?.to_ascii_lowercase().as_str() {
        "conversion" => Some((None, block)),
        "resource" | "response" if !is_http() => Some((None, block)),
        "response" => Headers::read(block).map(|(length, http)| (Some(http), &block[length..])),
        _ => None,
    }
}

/// Whether the record whose block begins so holds a page.
pub fn is_page(record: &Headers, block: &[u8]) -> bool {
    parts(record, block).is_some_and(|(http, body)| kind(record, http.as_ref(), body).is_some())
}

/// The page in a record; none where it holds none.
///
/// # Errors
/// When its coding cannot be undone.
pub fn text(raw: &[u8], place: u64, limits: &Limits) -> Result<Option<Text>, String> {
    let Some((header, record)) = Headers::read(raw) else { return Ok(None) };
    let length: usize = record.get("content-length").and_then(|l| l.parse().ok()).unwrap_or_default();
    let block = raw.get(header..header.saturating_add(length)).unwrap_or_default();
    let Some((http, body)) = parts(&record, block) else { return Ok(None) };
    let Some(input) = kind(&record, http.as_ref(), body) else { return Ok(None) };
    let body = match &http {
        Some(http) => uncoded(http, body, limits)?,
        None => Cow::Borrowed(body),
    };
    let said = http.as_ref().unwrap_or(&record).charset();
    let bytes = decoded(&body, said, input).into_owned().into_bytes();
    let id = record.get("warc-target-uri").map(|uri| uri.trim_matches(['<', '>']).to_string());
    Ok(Some(Text { id: id.unwrap_or_else(|| place.to_string()), bytes, input }))
}

/// A body with what was done to it on its way undone.
fn uncoded<'b>(http: &Headers, body: &'b [u8], limits: &Limits) -> Result<Cow<'b, [u8]>, String> {
    let says = |name: &str, what: &str| http.get(name).is_some_and(|v| v.to_ascii_lowercase().contains(what));
    // Crawlers that undo it themselves may leave the header as it was.
    let body = match says("transfer-encoding", "chunked").then(|| unchunked(body)).flatten() {
        Some(whole) => Cow::Owned(whole),
        None => Cow::Borrowed(body),
    };
    match http.get("content-encoding").map(str::to_ascii_lowercase).as_deref() {
        None | Some("" | "identity") => Ok(body),
        Some("gzip" | "x-gzip") if !body.starts_with(&[0x1f, 0x8b]) => Ok(body),
        #[cfg(feature = "compression")]
        Some("gzip" | "x-gzip") => unpacked(flate2::read::MultiGzDecoder::new(&*body), limits).map(Cow::Owned),
        #[cfg(feature = "compression")]
        Some("deflate") => {
            let whole = unpacked(flate2::read::ZlibDecoder::new(&*body), limits);
            whole.or_else(|_| unpacked(flate2::read::DeflateDecoder::new(&*body), limits)).map(Cow::Owned)
        }
        // Where it was undone already, text is left.
        Some(_)
            if std::str::from_utf8(&body[..body.len().min(META)])
                .map_or_else(|e| e.error_len().is_none(), |_| true) =>
        {
            Ok(body)
        }
        Some(other) => Err(format!("its body has the Content-Encoding `{other}`, which cannot be undone here")),
    }
}

#[cfg(feature = "compression")]
fn unpacked(source: impl Read, limits: &Limits) -> Result<Vec<u8>, String> {
    let mut whole = Vec::new();
    let most = limits.record as u64;
    source.take(most + 1).read_to_end(&mut whole).map_err(|error| format!("its body cannot be unpacked: {error}"))?;
    if whole.len() as u64 > most {
        return Err(format!("its body has more than {most} bytes unpacked; allow more with --max-record"));
    }
    Ok(whole)
}

/// A body that was sent in pieces, put together; none where it is not in such pieces.
fn unchunked(body: &[u8]) -> Option<Vec<u8>> {
    let (mut whole, mut at) = (Vec::with_capacity(body.len()), 0);
    loop {
        let end = at + memchr::memchr(b'\n', body.get(at..)?)?;
        let line = std::str::from_utf8(&body[at..end]).ok()?;
        let length = usize::from_str_radix(line.split(';').next().unwrap_or_default().trim(), 16).ok()?;
        if length == 0 {
            return Some(whole);
        }
        let piece = body.get(end + 1..(end + 1).checked_add(length)?)?;
        whole.extend_from_slice(piece);
        at = end + 1 + length;
        at += body.get(at..)?.iter().take(2).take_while(|b| matches!(b, b'\r' | b'\n')).count();
    }
}

/// A body as text: by the mark it begins with, by what the header says, by what the page says of
/// itself; else as UTF-8, or as most pages were written before.
fn decoded<'b>(body: &'b [u8], said: Option<&str>, input: Input) -> Cow<'b, str> {
    if let Some((encoding, length)) = Encoding::for_bom(body) {
        return encoding.decode_without_bom_handling(&body[length..]).0;
    }
    let of_page = || (input == Input::Html).then(|| meta(&body[..body.len().min(META)])).flatten();
    let label = said.map(str::to_string).or_else(of_page);
    let encoding = label.and_then(|label| Encoding::for_label(label.as_bytes()));
    // What is sound UTF-8 is seldom anything else.
    if encoding.is_none_or(|e| e.is_ascii_compatible())
        && let Ok(text) = std::str::from_utf8(body)
    {
        return Cow::Borrowed(text);
    }
    encoding.filter(|e| *e != UTF_8 || said.is_some()).unwrap_or(WINDOWS_1252).decode_without_bom_handling(body).0
}

/// The charset that a page names itself.
fn meta(begin: &[u8]) -> Option<String> {
    let begin = String::from_utf8_lossy(begin).to_ascii_lowercase();
    let (_, after) = begin.split_once("charset=")?;
    let name = after.trim_start_matches(['"', '\'', ' ']);
    let end =
        name.find(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '-' | '_' | ':' | '.')).unwrap_or(name.len());
    Some(name[..end].to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn response(http: &str, body: &[u8]) -> Vec<u8> {
        let block = [http.as_bytes(), b"\r\n\r\n", body].concat();
        let mut record = format!(
            "WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: <http://a.example/b>\r\n\
             Content-Type: application/http; msgtype=response\r\nContent-Length: {}\r\n\r\n",
            block.len()
        )
        .into_bytes();
        record.extend(block);
        record.extend(b"\r\n\r\n");
        record
    }

    fn page(http: &str, body: &[u8]) -> Option<(Input, String)> {
        let text = text(&response(http, body), 0, &Limits::default()).unwrap()?;
        assert_eq!(text.id, "http://a.example/b");
        Some((text.input, String::from_utf8(text.bytes).unwrap()))
    }

    #[test]
    fn pages_are_decoded_by_their_charset() {
        let html = |text: &str| Some((Input::Html, text.to_string()));
        assert_eq!(page("HTTP/1.1 200 OK\r\nContent-Type: text/html", "<p>é".as_bytes()), html("<p>é"));
        assert_eq!(page("HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=iso-8859-2", b"<p>\xb3"), html("<p>ł"));
        let page_says = b"<meta charset='windows-1251'><p>\xff";
        assert_eq!(
            page("HTTP/1.1 200 OK\r\nContent-Type: text/html", page_says),
            html("<meta charset='windows-1251'><p>я")
        );
        assert_eq!(page("HTTP/1.1 200 OK\r\nContent-Type: text/html", b"<p>caf\xe9"), html("<p>café"));
        assert_eq!(page("HTTP/1.1 200 OK", b" <p>x"), html(" <p>x"));
        let wide: Vec<u8> = "<p>é".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(page("HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-16le", &wide), html("<p>é"));
        assert_eq!(page("HTTP/1.1 200 OK\r\nContent-Type: image/png", b"\x89PNG"), None);
        assert_eq!(page("HTTP/1.1 200 OK\r\nContent-Type: text/plain", b"x"), Some((Input::Text, "x".into())));
    }

    #[test]
    fn codings_are_undone() {
        let http = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked";
        assert_eq!(page(http, b"3\r\nabc\r\n4;x=y\r\ndefg\r\n0\r\n\r\n"), Some((Input::Text, "abcdefg".into())));
        assert_eq!(page(http, b"undone before"), Some((Input::Text, "undone before".into())));
        assert_eq!(unchunked(b"ffffffffffffffff\r\n"), None);
        let http = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Encoding: br";
        assert_eq!(page(http, b"undone before"), Some((Input::Text, "undone before".into())));
        let wrong = text(&response(http, b"\x8b\x02\x80\xff\xfe"), 0, &Limits::default()).err().unwrap();
        assert!(wrong.contains("`br`"), "{wrong}");
    }
}
