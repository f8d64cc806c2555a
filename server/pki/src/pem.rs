//! PEM (RFC 7468) as people hand it over: text around it, any line breaks, a missing end.

use base64::Engine as _;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

const ENGINE: GeneralPurpose = GeneralPurpose::new(
    &base64::alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// The bytes of each block of a text in order, whatever its label says; `None` where its Base64 is broken.
pub fn blocks(text: &str) -> Vec<Option<Vec<u8>>> {
    let mut out = Vec::new();
    let mut rest = text;
    while let Some((_, after)) = rest.split_once("-----BEGIN ") {
        let Some((_, body)) = after.split_once("-----") else { break };
        let end = body.find("-----").unwrap_or(body.len());
        let (body, tail) = body.split_at(end);
        out.push(decode(body));
        rest = if tail.starts_with("-----END ") { tail.split_once("-----END ").map_or("", |(_, t)| t) } else { tail };
    }
    out
}

/// Bytes of Base64 with any white space; none if another sign stands in it.
pub fn decode(body: &str) -> Option<Vec<u8>> {
    let plain: Vec<u8> = body.bytes().filter(|b| !b.is_ascii_whitespace()).collect();
    ENGINE.decode(plain).ok()
}
