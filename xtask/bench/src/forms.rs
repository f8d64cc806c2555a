//! Forms as a browser sends them.

use crate::program::Server;

const BOUNDARY: &str = "merzim-bench-boundary";

/// A form of typed fields, already encoded.
pub fn typed(server: &Server, path: &str, cookie: &str, fields: &str) -> Vec<u8> {
    post(server, path, cookie, "application/x-www-form-urlencoded", fields.as_bytes())
}

/// A form with files: their names and bytes.
pub fn files(server: &Server, path: &str, cookie: &str, files: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut body = Vec::new();
    for (name, bytes) in files {
        let head = [
            format!("--{BOUNDARY}"),
            format!("Content-Disposition: form-data; name=\"files\"; filename=\"{name}\""),
            "Content-Type: application/octet-stream\r\n\r\n".to_owned(),
        ];
        body.extend_from_slice(head.join("\r\n").as_bytes());
        body.extend_from_slice(bytes);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(format!("--{BOUNDARY}--\r\n").as_bytes());
    post(server, path, cookie, &format!("multipart/form-data; boundary={BOUNDARY}"), &body)
}

fn post(server: &Server, path: &str, cookie: &str, kind: &str, body: &[u8]) -> Vec<u8> {
    let head = [
        format!("POST {path} HTTP/1.1"),
        format!("Host: {}", server.address),
        format!("Origin: http://{}", server.address),
        format!("Cookie: {cookie}"),
        format!("Content-Type: {kind}"),
        format!("Content-Length: {}\r\n\r\n", body.len()),
    ];
    let mut out = head.join("\r\n").into_bytes();
    out.extend_from_slice(body);
    out
}
