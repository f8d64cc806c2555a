//! Certificates inside an XML signature (XML-DSig, 4.5.4: `X509Certificate`).

use quick_xml::Reader;
use quick_xml::events::Event;

/// Why a text gives no certificates.
pub enum NotRead {
    /// It declares a document type, which may define entities; none is ever expanded.
    DocumentType,
    NotXml,
}

/// The Base64 texts of every `X509Certificate` element.
///
/// # Errors
/// One of [`NotRead`].
pub fn certificates(text: &str) -> Result<Vec<String>, NotRead> {
    let mut reader = Reader::from_str(text);
    reader.config_mut().check_end_names = false;
    let mut out = Vec::new();
    let mut inside: Option<String> = None;
    loop {
        match reader.read_event().map_err(|_| NotRead::NotXml)? {
            Event::Start(tag) if tag.local_name().as_ref() == "X509Certificate" => inside = Some(String::new()),
            Event::End(tag) if tag.local_name().as_ref() == "X509Certificate" => out.extend(inside.take()),
            Event::Text(part) => {
                if let Some(body) = &mut inside {
                    body.push_str(&part);
                }
            }
            Event::CData(part) => {
                if let Some(body) = &mut inside {
                    body.push_str(&part);
                }
            }
            Event::DocType(_) => return Err(NotRead::DocumentType),
            Event::Eof => return Ok(out),
            _ => {}
        }
    }
}
