//! Lists as files for spreadsheets, written part by part.

use axum::body::{Body, Bytes};
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use domain::person::Lang;
use domain::refusal::Refusal;
use futures_util::{Stream, StreamExt as _};

/// A file to be kept: its head, then its parts as they come.
pub fn csv_file(
    name: &str,
    head: String,
    parts: impl Stream<Item = Result<String, Refusal>> + Send + 'static,
) -> Response {
    // Without the mark, Excel reads the letters of Kazakh wrongly.
    let start = futures_util::stream::iter([Ok("\u{feff}".to_owned() + &head)]);
    let bytes =
        start.chain(parts).map(|part| part.map(Bytes::from).map_err(|r| std::io::Error::other(format!("{r:?}"))));
    // Whoever compresses the file asks once more after its end.
    let bytes = bytes.fuse();
    let name = format!("attachment; filename=\"{name}.csv\"");
    (
        [(header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()), (header::CONTENT_DISPOSITION, name)],
        Body::from_stream(bytes),
    )
        .into_response()
}

/// The parts of a list that is asked for page by page: each with the question for the next, until there is none.
pub fn list_pages<Q, A>(first: Q, ask: impl Fn(Q) -> A) -> impl Stream<Item = Result<Vec<Vec<String>>, Refusal>>
where
    A: Future<Output = Result<(Vec<Vec<String>>, Option<Q>), Refusal>>,
{
    futures_util::stream::unfold((Some(first), ask), async |(question, ask)| {
        Some(match ask(question?).await {
            Ok((lines, next)) => (Ok(lines), (next, ask)),
            Err(refusal) => (Err(refusal), (None, ask)),
        })
    })
}

/// One line of RFC 4180; spreadsheets set to Russian or Kazakh part cells by a semicolon. A cell that a spreadsheet
/// would run as a formula gets an apostrophe before it.
pub fn csv_line(l: Lang, cells: &[String]) -> Result<String, Refusal> {
    let delimiter = if l == Lang::En { b',' } else { b';' };
    let mut out =
        csv::WriterBuilder::new().delimiter(delimiter).terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    let safe = cells
        .iter()
        .map(|cell| if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{cell}") } else { cell.clone() });
    let done = out
        .write_record(safe)
        .ok()
        .and_then(|()| out.into_inner().ok())
        .and_then(|bytes| String::from_utf8(bytes).ok());
    done.ok_or(Refusal::NotFound)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_never_run_and_quotes_are_doubled() {
        let cells = ["=1+1".to_owned(), "ТОО «А»; \"Б\"".to_owned(), "обычный".to_owned()];
        assert_eq!(csv_line(Lang::Ru, &cells).unwrap(), "'=1+1;\"ТОО «А»; \"\"Б\"\"\";обычный\r\n");
        assert_eq!(csv_line(Lang::En, &cells[2..]).unwrap(), "обычный\r\n");
    }
}
