//! Headers as WARC and HTTP have them.

/// The fields of a header, in order; names in small letters.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Headers {
    /// The first line.
    pub first: String,
    fields: Vec<(String, String)>,
}

impl Headers {
    /// The header that bytes begin with, and its length with the blank line after it; none where it
    /// does not end. Lines that are no fields are left out.
    pub fn read(bytes: &[u8]) -> Option<(usize, Headers)> {
        let mut headers = Headers::default();
        let mut at = 0;
        while let Some(length) = memchr::memchr(b'\n', &bytes[at..]) {
            let line = &bytes[at..at + length];
            let is_first = at == 0;
            at += length + 1;
            let line = String::from_utf8_lossy(line.strip_suffix(b"\r").unwrap_or(line));
            if is_first {
                headers.first = line.into_owned();
            } else if line.is_empty() {
                return Some((at, headers));
            } else if line.starts_with([' ', '\t']) {
                // A line may go on in the next.
                if let Some((_, value)) = headers.fields.last_mut() {
                    value.push(' ');
                    value.push_str(line.trim());
                }
            } else if let Some((name, value)) = line.split_once(':') {
                headers.fields.push((name.trim().to_ascii_lowercase(), value.trim().to_string()));
            }
        }
        None
    }

    /// The value of a field.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str())
    }

    /// What kind of content follows, in small letters, without its parameters.
    pub fn media_type(&self) -> Option<String> {
        let value = self.get("content-type")?;
        Some(value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase())
    }

    /// The charset of what follows.
    pub fn charset(&self) -> Option<&str> {
        let parameters = self.get("content-type")?.split(';').skip(1);
        parameters.filter_map(|p| p.split_once('=')).find_map(|(name, value)| {
            name.trim().eq_ignore_ascii_case("charset").then(|| value.trim().trim_matches(['"', '\'']))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_read_whatever_their_case() {
        let header =
            b"HTTP/1.1 200 OK\r\nContent-TYPE: Text/HTML; a=b; Charset=\"latin1\"\r\nX: 1\r\n 2\r\nrubbish\r\n\r\nbody";
        let (length, headers) = Headers::read(header).unwrap();
        assert_eq!(&header[length..], b"body");
        assert_eq!(headers.first, "HTTP/1.1 200 OK");
        assert_eq!((headers.media_type().as_deref(), headers.charset()), (Some("text/html"), Some("latin1")));
        assert_eq!(headers.get("x"), Some("1 2"));
        assert_eq!(Headers::read(b"a\nb: c\n\n").unwrap().0, 8);
        assert_eq!(Headers::read(b"a\r\nb: c\r\n"), None);
    }
}
