//! Certificates inside an XML signature (XML-DSig, 4.5.4: `X509Certificate`).

use quick_xml::Reader;
use quick_xml::events::Event;

/// The Base64 texts of every `X509Certificate` element; none if the text is not XML that can be read.
pub fn certificates(text: &str) -> Option<Vec<String>> {
    let mut reader = Reader::from_str(text);
    reader.config_mut().check_end_names = false;
    let mut out = Vec::new();
    let mut inside: Option<String> = None;
    loop {
        match reader.read_event().ok()? {
            Event::Start(tag) if tag.local_name().as_ref() == "X509Certificate" => inside = Some(String::new()),
            Event::End(tag) if tag.local_name().as_ref() == "X509Certificate" => out.extend(inside.take()),
            Event::Text(part) => {
                if let Some(body) = &mut inside {
                    body.push_str(&part);
                }
            }
            Event::Eof => return Some(out),
            _ => {}
        }
    }
}
