//! A letter is put together from parts, and written as text and as HTML from the same.

use crate::parts::Html;
use crate::text as t;
use domain::person::Lang;
use std::fmt::Write as _;

/// A message ready to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    pub subject: String,
    pub text: String,
    pub html: String,
}

/// A part of a letter. Addresses are paths of the program.
pub enum Part {
    Text(String),
    Heading(String),
    Line {
        href: String,
        what: String,
        /// When, and what is to be known of it.
        when: String,
        red: bool,
    },
    /// A way to all of a list.
    More(String, String),
    Button(String, String),
}

impl Letter {
    /// Writes a letter. `url` is the program's address, without a slash at the end.
    pub fn written(l: Lang, subject: String, office: &str, url: &str, parts: &[Part]) -> Self {
        let foot = t::letter::foot(l, office);
        Self { text: text(url, parts, &foot), html: html(l, &subject, url, parts, &foot), subject }
    }
}

impl Letter {
    /// A letter of a person: its lines as they are, and the office under them.
    pub fn plain(l: Lang, subject: String, office: &str, body: &str) -> Self {
        let mut out = Html::with_room(2_000);
        out.raw("<!doctype html><html lang=\"").text(l.code()).raw("\"><head><meta charset=\"utf-8\"></head><body>");
        for line in body.lines() {
            out.raw("<p>").text(line).raw("</p>");
        }
        out.raw("<p style=\"color:#686359\">").text(office).raw("</p></body></html>");
        Self { subject, text: format!("{body}\n\n-- \n{office}\n"), html: out.done() }
    }
}

fn text(url: &str, parts: &[Part], foot: &str) -> String {
    let mut out = String::new();
    for part in parts {
        // Writing into a string does not fail.
        let _ = match part {
            Part::Text(text) => write!(out, "{text}\n\n"),
            Part::Heading(text) => write!(out, "\n{text}\n"),
            Part::Line { href, what, when, .. } => write!(out, "- {what}: {when}\n  {url}{href}\n"),
            Part::More(text, href) | Part::Button(text, href) => write!(out, "\n{text}: {url}{href}\n"),
        };
    }
    let _ = write!(out, "\n-- \n{foot}\n{url}/account#mail\n");
    out.replace('\u{a0}', " ")
}

fn html(l: Lang, subject: &str, url: &str, parts: &[Part], foot: &str) -> String {
    let mut out = Html::with_room(8_000);
    out.raw("<!doctype html><html lang=\"").text(l.code());
    out.raw("\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><title>")
        .text(subject);
    out.raw("</title></head><body style=\"margin:0;background:#f6f4ef;color:#211f1b;font:15px/1.5 'Segoe UI',Roboto,'Noto Sans',sans-serif\"><div style=\"max-width:640px;margin:0 auto;padding:24px 16px\"><div style=\"background:#fffefc;border:1px solid #e4e0d8;border-radius:8px;padding:20px 24px\">");
    for part in parts {
        match part {
            Part::Text(text) => out.raw("<p style=\"margin:0 0 12px;font-size:17px\">").text(text).raw("</p>"),
            Part::Heading(text) => out.raw("<h2 style=\"margin:20px 0 4px;font-size:15px\">").text(text).raw("</h2>"),
            Part::Line { href, what, when, red } => {
                out.raw("<p style=\"margin:0;padding:7px 0;border-top:1px solid #e4e0d8\"><a style=\"color:#1b3470;text-decoration:none\" href=\"");
                out.text(url).text(href).raw("\">").text(what).raw("</a><br><span style=\"font-size:13px;color:");
                out.raw(if *red { "#a8231a" } else { "#504c45" }).raw("\">").text(when).raw("</span></p>")
            }
            Part::More(text, href) => {
                out.raw("<p style=\"margin:4px 0 0;font-size:13px\"><a style=\"color:#1b3470\" href=\"");
                out.text(url).text(href).raw("\">").text(text).raw("</a></p>")
            }
            Part::Button(text, href) => {
                out.raw("<p style=\"margin:20px 0 0\"><a style=\"background:#27478f;color:#fff;text-decoration:none;padding:8px 16px;border-radius:6px;display:inline-block\" href=\"");
                out.text(url).text(href).raw("\">").text(text).raw("</a></p>")
            }
        };
    }
    out.raw("</div><p style=\"margin:12px 4px 0;font-size:12px;color:#686359\">").text(foot);
    out.raw(" <a style=\"color:#686359\" href=\"").text(url).raw("/account#mail\">").text(t::letter::settings(l));
    out.raw("</a></p></div></body></html>");
    out.done()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_letter_says_the_same_in_text_and_in_html_and_holds_no_markup_of_others() {
        let parts = [
            Part::Heading("Нельзя подписать".into()),
            Part::Line {
                href: "/certificates/1".into(),
                what: "ТОО «<b>Ай</b>»".into(),
                when: "истёк 1\u{a0}дек".into(),
                red: true,
            },
        ];
        let letter = Letter::written(Lang::Ru, "Сводка".into(), "Проба", "https://m.kz", &parts);
        assert!(
            letter.text.contains("- ТОО «<b>Ай</b>»: истёк 1 дек\n  https://m.kz/certificates/1"),
            "{}",
            letter.text
        );
        assert!(letter.html.contains("ТОО «&lt;b&gt;Ай&lt;/b&gt;»") && !letter.html.contains("<b>"));
        assert!(letter.html.contains("href=\"https://m.kz/certificates/1\""));
    }
}
