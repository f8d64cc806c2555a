//! What a request brought, kept until it is answered: where the answer is to try again, nothing has to be typed anew.

use app::Attempt;
use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::http::{HeaderMap, Method, Uri, header};
use domain::refusal::Refusal;

/// Forms up to this many bytes are kept.
const KEPT_FORM: usize = 128 * 1024;

/// What was sent.
pub enum Sent {
    Nothing,
    Form(Bytes, Option<String>),
    /// More than is kept; the page that it came from.
    Much(Option<String>),
}

impl Sent {
    /// The fields of a form; a password is repeated by no page.
    pub fn attempt(&self) -> Attempt {
        match self {
            Self::Nothing => Attempt::Page,
            Self::Form(bytes, from) => match fields(bytes) {
                Some(fields) => Attempt::Form { fields, from: from.clone() },
                None => Attempt::Unkept(from.clone()),
            },
            Self::Much(from) => Attempt::Unkept(from.clone()),
        }
    }
}

/// The request and what it brought; a short form is read whole.
pub async fn keep(request: Request) -> Result<(Request, Sent), Refusal> {
    if request.method() == Method::GET || request.method() == Method::HEAD {
        return Ok((request, Sent::Nothing));
    }
    let from = form_page(request.headers());
    if !is_short_form(request.headers()) {
        return Ok((request, Sent::Much(from)));
    }
    let (parts, body) = request.into_parts();
    // The other side broke off: nobody reads the answer.
    let bytes = axum::body::to_bytes(body, KEPT_FORM).await.map_err(|_| Refusal::NotFound)?;
    Ok((Request::from_parts(parts, Body::from(bytes.clone())), Sent::Form(bytes, from)))
}

fn is_short_form(headers: &HeaderMap) -> bool {
    let header = |name| headers.get(name).and_then(|v| v.to_str().ok());
    let form = header(header::CONTENT_TYPE).is_some_and(|kind| kind.starts_with("application/x-www-form-urlencoded"));
    form && header(header::CONTENT_LENGTH).and_then(|n| n.parse().ok()).is_some_and(|n: usize| n <= KEPT_FORM)
}

/// The page that the form stood on: only its path is taken, so that it stays within this site.
fn form_page(headers: &HeaderMap) -> Option<String> {
    let from: Uri = headers.get(header::REFERER)?.to_str().ok()?.parse().ok()?;
    let path = from.path_and_query()?.as_str();
    (!path.starts_with("//")).then(|| path.to_owned())
}

fn fields(sent: &[u8]) -> Option<Vec<(String, String)>> {
    let fields: Vec<(String, String)> = serde_urlencoded::from_bytes(sent).ok()?;
    let secret = fields.iter().any(|(name, _)| name.contains("password"));
    (!secret).then_some(fields)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(kind: &str, body: &'static str) -> Request {
        let request =
            Request::post("/clients/new").header(header::CONTENT_TYPE, kind).header(header::CONTENT_LENGTH, body.len());
        request.header(header::REFERER, "https://merzim.example/clients/new?team=1").body(Body::from(body)).unwrap()
    }

    #[tokio::test]
    async fn a_form_is_kept_and_a_password_or_a_file_is_not() {
        let form = "application/x-www-form-urlencoded";
        let (_, sent) = keep(request(form, "name=%D0%90+%26&filing=300&filing=910")).await.unwrap();
        let Attempt::Form { fields, .. } = sent.attempt() else { panic!("the form is not kept") };
        let expected =
            [("name", "А &"), ("filing", "300"), ("filing", "910")].map(|(a, b)| (a.to_owned(), b.to_owned()));
        assert_eq!(fields, expected);
        for (kind, body) in [(form, "email=a&password=b"), ("multipart/form-data; boundary=x", "--x--")] {
            let (_, sent) = keep(request(kind, body)).await.unwrap();
            let Attempt::Unkept(Some(from)) = sent.attempt() else { panic!("{kind} is kept") };
            assert_eq!(from, "/clients/new?team=1");
        }
    }
}
