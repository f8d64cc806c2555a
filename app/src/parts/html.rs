//! Writing HTML by hand, where a page has hundreds of like parts: constants as they are, everything else escaped.

use std::fmt::{Display, Write as _};

/// A piece of a page that grows.
#[derive(Default)]
pub struct Html(String);

/// Escapes while it is written, without a copy.
struct Escaping<'a>(&'a mut String);

impl std::fmt::Write for Escaping<'_> {
    fn write_str(&mut self, text: &str) -> std::fmt::Result {
        let mut from = 0;
        for (at, byte) in text.bytes().enumerate() {
            let safe = match byte {
                b'&' => "&amp;",
                b'<' => "&lt;",
                b'>' => "&gt;",
                b'"' => "&quot;",
                b'\'' => "&#39;",
                _ => continue,
            };
            self.0.push_str(text.get(from..at).unwrap_or_default());
            self.0.push_str(safe);
            from = at + 1;
        }
        self.0.push_str(text.get(from..).unwrap_or_default());
        Ok(())
    }
}

impl Html {
    /// Room for a piece of about this many bytes.
    pub fn with_room(bytes: usize) -> Self {
        Self(String::with_capacity(bytes))
    }

    /// Markup: a constant of the program, never what somebody has typed.
    pub fn raw(&mut self, markup: &'static str) -> &mut Self {
        self.0.push_str(markup);
        self
    }

    /// Text or the value of a quoted attribute.
    pub fn text(&mut self, value: impl Display) -> &mut Self {
        // Writing into a string does not fail.
        let _ = write!(Escaping(&mut self.0), "{value}");
        self
    }

    pub fn done(self) -> String {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_type_never_becomes_markup() {
        let mut html = Html::default();
        html.raw("<a title=\"").text("\"><script>alert('x')</script>&").raw("\">");
        assert_eq!(html.done(), "<a title=\"&quot;&gt;&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&amp;\">");
    }
}
