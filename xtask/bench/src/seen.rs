//! What somebody sees of the firm: the client, the certificate, the task and the rest that addresses are filled with.

use crate::load::{Wire, page};
use crate::program::Server;
use crate::{forms, import};
use anyhow::{Context as _, Result, bail};
use uuid::Uuid;

/// Names of an address with what stands for them; the first of a name counts.
type Names = Vec<(&'static str, String)>;

/// A day of the measured month.
const DAY: &str = "2027-02-15";

/// Somebody signed in.
pub struct Seen {
    pub role: &'static str,
    pub cookie: String,
    names: Names,
}

impl Seen {
    /// Those that are measured. Where somebody sees nothing of a kind, what the owner sees is asked for.
    pub async fn everybody(server: &Server) -> Result<Vec<Self>> {
        let mut all = Vec::new();
        for (role, login) in crate::PEOPLE {
            let cookie = server.sign_in(login).await?;
            let names = look(server, &cookie).await.with_context(|| format!("what the {role} sees"))?;
            all.push(Self { role, cookie, names });
        }
        let owners = all.last().map(|owner| owner.names.clone()).unwrap_or_default();
        for one in &mut all {
            one.names.extend(owners.iter().cloned());
        }
        Ok(all)
    }

    /// An address with what stands for its names; none where one of them stands for nothing.
    pub fn fill(&self, address: &str) -> Option<String> {
        let mut path = address.to_owned();
        for (name, word) in &self.names {
            path = path.replace(&format!("{{{name}}}"), word);
        }
        (!path.contains('{')).then_some(path)
    }
}

/// The ids on a page that follow some words.
fn ids<'a>(page: &'a str, words: &'a str) -> impl Iterator<Item = &'a str> {
    page.split(words).skip(1).filter_map(|rest| rest.get(..36)).filter(|id| Uuid::parse_str(id).is_ok())
}

/// The first id on a page that follows some words.
pub fn id(page: &str, words: &str) -> Option<String> {
    ids(page, words).next().map(str::to_owned)
}

/// Reads the lists and brings in what the neutral firm lacks: a carrier, a draft of an import, a spreadsheet.
async fn look(server: &Server, cookie: &str) -> Result<Names> {
    let list = page(&server.address, "/clients", cookie).await?;
    let board = page(&server.address, "/tasks", cookie).await?;
    let file = page(&server.address, "/clients.csv", cookie).await?;
    let fixed = [("month", crate::MONTH), ("day", DAY), ("word", crate::WORD)];
    let mut names: Names = fixed.map(|(name, word)| (name, word.to_owned())).to_vec();
    names.extend(client(server, cookie, &list).await?);
    let teams = list.split_once("name=\"team\"").and_then(|(_, rest)| rest.split("</select>").next());
    let draft = import::draft(server, cookie).await?;
    let sheet = spreadsheet(server, cookie, &file).await?;
    let found = [
        ("person", id(&board, "who=")),
        ("team", id(teams.unwrap_or_default(), "value=\"")),
        ("after", between(&list, "after=", &['"', '&'])),
        // The last line of the file is no client of the first ones of the list.
        ("number", file.lines().next_back().and_then(|line| between(line, ";", &[';']))),
        ("draft", id(&draft, "/import/")),
        ("sheet", id(&sheet, "/import/sheet/")),
    ];
    names.extend(found.into_iter().filter_map(|(name, word)| Some((name, word?))));
    Ok(names)
}

fn between(text: &str, before: &str, after: &[char]) -> Option<String> {
    text.split_once(before).and_then(|(_, rest)| rest.split(after).next()).map(str::to_owned)
}

/// The first client of a list with a task and a certificate that has none, and with a carrier in its journal.
async fn client(server: &Server, cookie: &str, list: &str) -> Result<Names> {
    for client in ids(list, "/clients/") {
        let path = format!("/clients/{client}");
        let card = page(&server.address, &path, cookie).await?;
        let found = (id(&card, "/certificates/"), id(&card, "/tasks/new?certificate="), id(&card, "/tasks/"));
        let (Some(certificate), Some(free), Some(task)) = found else { continue };
        let fields = format!("kind=token&label=KAZTOKEN+4471&what=taken&day={}", crate::TODAY);
        let form = forms::typed(server, &format!("{path}/custody"), cookie, &fields);
        let taken = Wire::open(&server.address).await?.ask(&form).await?;
        if taken.status != 303 {
            bail!("the journal of carriers answers {}", taken.status);
        }
        let card = page(&server.address, &path, cookie).await?;
        return Ok(vec![
            ("client", client.to_owned()),
            ("certificate", certificate),
            ("free", free),
            ("task", task),
            ("entry", id(&card, "/custody/").context("an entry of the journal")?),
            ("carrier", id(&card, "/custody/new?carrier=").context("a carrier")?),
        ]);
    }
    bail!("no client has a task and a certificate without one")
}

/// Brings the person's own list of clients as a firm's spreadsheet; gives the address of its preview.
async fn spreadsheet(server: &Server, cookie: &str, file: &str) -> Result<String> {
    let files = [("clients.csv".to_owned(), file.as_bytes().to_vec())];
    let answer = Wire::open(&server.address).await?.ask(&forms::files(server, "/import/sheet", cookie, &files)).await?;
    Ok(answer.header("location").context("a spreadsheet's preview")?.to_owned())
}
