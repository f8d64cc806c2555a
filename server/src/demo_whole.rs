//! The demo firm in a new database: it takes its place only when it is whole, so that a start that died half-way can
//! be made again.

use crate::demo;
use domain::day::OfficeDay;
use std::error::Error;
use std::path::{Path, PathBuf};
use store::{Apart, Store};

/// Makes the firm where the database is new; false where there is one already, which is then filled as it stands.
///
/// # Errors
/// When the database fails, or others have made it meanwhile.
pub async fn make(database: &str, today: OfficeDay) -> Result<bool, Box<dyn Error>> {
    if let Some(path) = to_make(database) {
        return file(database, &path, today).await;
    }
    let Some(apart) = Apart::begin(database).await? else { return Ok(false) };
    let store = Store::open(&apart.url()).await?;
    demo::fill(&store, today).await?;
    store.close().await?;
    apart.take_place().await?;
    Ok(true)
}

/// The file of an address that is to be made; none where there is one already, or none at all.
fn to_make(database: &str) -> Option<PathBuf> {
    let path = store::file_of(database)?;
    (path.file_name().is_some() && !path.exists()).then_some(path)
}

/// Fills a file beside it, and gives it this name at the end. What an earlier try has left beside it goes.
async fn file(database: &str, path: &Path, today: OfficeDay) -> Result<bool, Box<dyn Error>> {
    let (half, lock) = (beside(path, ".filling"), beside(path, ".lock"));
    // Of two starts one fills; the lock ends with its process, however that ends.
    let held = std::fs::File::create(&lock)?;
    held.lock()?;
    let made = !path.exists();
    if made {
        for part in ["", "-wal", "-shm"] {
            let left = beside(&half, part);
            if left.exists() {
                std::fs::remove_file(left)?;
            }
        }
        // The address written on, not the path: it may hold signs that an address writes otherwise.
        let address = database.split('?').next().unwrap_or_default();
        let filled = fill(&format!("{address}.filling"), today).await;
        if filled.is_err() {
            // Half a file helps nobody, and takes the room that was missing.
            for left in ["", "-wal", "-shm"].map(|part| beside(&half, part)).iter().chain([&lock]) {
                let _ = std::fs::remove_file(left);
            }
        }
        filled?;
        // A link takes no name that is taken, a renaming would.
        std::fs::hard_link(&half, path)?;
        std::fs::remove_file(half)?;
    }
    // Gone already where the other start has ended meanwhile.
    let _ = std::fs::remove_file(lock);
    Ok(made)
}

async fn fill(address: &str, today: OfficeDay) -> Result<(), Box<dyn Error>> {
    let store = Store::open(address).await?;
    let filled = demo::fill(&store, today).await;
    let closed = store.close().await;
    filled?;
    Ok(closed?)
}

fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_demo_that_died_half_way_can_be_made_again() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a 1%.sqlite");
        let address = format!("sqlite://{}/a%201%25.sqlite", folder.path().display());
        std::fs::write(beside(&path, ".filling"), b"half of it").unwrap();
        std::fs::write(beside(&path, ".filling-wal"), b"and its log").unwrap();
        assert_eq!(to_make(&address).as_deref(), Some(path.as_path()));
        let day = OfficeDay::noon("2026-11-22".parse().unwrap());
        let (one, other, there) = (Box::pin(file(&address, &path, day)), path.clone(), address.clone());
        let second = std::thread::spawn(move || {
            let runtime = tokio::runtime::Runtime::new().unwrap();
            runtime.block_on(async { file(&there, &other, day).await.unwrap() })
        });
        let first = one.await.unwrap();
        assert!(first ^ second.join().unwrap(), "of two starts one makes it");
        let names: Vec<_> = std::fs::read_dir(folder.path()).unwrap().map(|f| f.unwrap().file_name()).collect();
        assert_eq!(names, ["a 1%.sqlite"], "nothing is left beside it");
        assert_eq!(to_make(&address), None, "a file that is there is not made again");
        let store = Store::open(&address).await.unwrap();
        assert!(!store.is_empty().await.unwrap());
        assert_eq!(to_make("postgres://localhost/merzim"), None);
    }
}
