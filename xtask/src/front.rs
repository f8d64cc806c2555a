//! The front end: WASM and its glue, CSS, icons; named by content, packed, laid into `site` of the profile's
//! directory, from where the server's build embeds it.

use crate::{machine, shell};
use anyhow::{Context as _, Result, anyhow};
use lightningcss::bundler::{Bundler, FileProvider};
use lightningcss::printer::PrinterOptions;
use lightningcss::stylesheet::{MinifyOptions, ParserOptions};
use lightningcss::targets::{Browsers, Targets};
use sha2::{Digest as _, Sha256};
use std::io::Write as _;
use std::path::{Path, PathBuf};

/// Builds the front end and then the server; gives the path of the binary.
pub fn build_all(release: bool) -> Result<PathBuf> {
    build(release)?;
    build_server(release)
}

/// Builds the server around the front end that is there; gives the path of the binary.
pub fn build_server(release: bool) -> Result<PathBuf> {
    let profile = if release { &["--release"][..] } else { &[] };
    shell::run("cargo", ["build", "-p", "server", "--bin", "merzim"].into_iter().chain(profile.iter().copied()))?;
    Ok(shell::target().join(if release { "release" } else { "debug" }).join("merzim"))
}

/// Builds the front end into `site`.
pub fn build(release: bool) -> Result<()> {
    machine::ensure_wasm_target()?;
    let profile = if release { "wasm-release" } else { "dev" };
    shell::run(
        "cargo",
        [
            "build",
            "-p",
            "frontend",
            "-p",
            "keyfile",
            "--lib",
            "--target",
            "wasm32-unknown-unknown",
            "--profile",
            profile,
        ],
    )?;
    let folder = if release { "wasm-release" } else { "debug" };
    let modules = shell::target().join("wasm32-unknown-unknown").join(folder);
    let home = shell::target().join(if release { "release" } else { "debug" });
    let work = home.join("site-work");
    let (stamp, now) = (home.join("site-stamp"), stamp(&modules)?);
    if home.join("site").exists() && std::fs::read_to_string(&stamp).is_ok_and(|last| last == now) {
        return Ok(());
    }
    fresh(&work)?;
    wasm_bindgen_cli_support::Bindgen::new()
        .input_path(modules.join("frontend.wasm"))
        .out_name("glue")
        .web(true)?
        .typescript(false)
        .generate(&work)
        .context("wasm-bindgen")?;
    let site = Site { home: home.clone(), folder: home.join("site-new"), pack: release };
    fresh(&site.folder)?;
    let wasm = site.add("merzim", "wasm", &optimised(&work.join("glue_bg.wasm"), release)?)?;
    let glue = site.add("glue", "js", &std::fs::read(work.join("glue.js"))?)?;
    let boot = std::fs::read_to_string(shell::root().join("app/frontend/boot.js"))?;
    site.add(
        "boot",
        "js",
        boot.replace("__GLUE__", &format!("./{glue}")).replace("__WASM__", &format!("/assets/{wasm}")).as_bytes(),
    )?;
    key_worker(&site, &modules, &work, release)?;
    site.add("merzim", "css", css()?.as_bytes())?;
    for name in ["sprite", "favicon"] {
        site.add(name, "svg", &std::fs::read(shell::root().join(format!("style/static/{name}.svg")))?)?;
    }
    site.settle()?;
    Ok(std::fs::write(stamp, now)?)
}

/// What the site is made of, and when each part was written: packing it again takes seconds.
fn stamp(modules: &Path) -> Result<String> {
    let root = shell::root();
    let mut parts = vec![
        std::env::current_exe()?,
        modules.join("frontend.wasm"),
        modules.join("keyfile.wasm"),
        root.join("app/frontend/boot.js"),
        root.join("app/keyfile/worker.js"),
    ];
    files_in(&root.join("style"), &mut parts)?;
    let mut lines = String::new();
    for part in parts {
        let file = std::fs::metadata(&part).with_context(|| part.display().to_string())?;
        let written = file.modified()?.duration_since(std::time::UNIX_EPOCH)?;
        lines.push_str(&format!("{} {} {}\n", part.display(), file.len(), written.as_nanos()));
    }
    Ok(lines)
}

fn files_in(folder: &Path, found: &mut Vec<PathBuf>) -> Result<()> {
    let mut entries = std::fs::read_dir(folder)?.map(|e| Ok(e?.path())).collect::<Result<Vec<PathBuf>>>()?;
    entries.sort();
    for path in entries {
        if path.is_dir() { files_in(&path, found)? } else { found.push(path) }
    }
    Ok(())
}

/// The worker that opens key containers: its script in one piece, so that its policy need not let it load any.
fn key_worker(site: &Site, modules: &Path, work: &Path, release: bool) -> Result<()> {
    wasm_bindgen_cli_support::Bindgen::new()
        .input_path(modules.join("keyfile.wasm"))
        .out_name("keyfile")
        .no_modules(true)?
        .typescript(false)
        .generate(work)
        .context("wasm-bindgen of the key worker")?;
    site.add("keyfile", "wasm", &optimised(&work.join("keyfile_bg.wasm"), release)?)?;
    let script = [work.join("keyfile.js"), shell::root().join("app/keyfile/worker.js")].map(std::fs::read);
    let [glue, own] = script;
    site.add("keyfile", "js", &[glue?, own?].concat())?;
    Ok(())
}

/// A smaller module where wasm-opt is at hand; the plain one serves as well.
fn optimised(module: &Path, release: bool) -> Result<Vec<u8>> {
    let small = module.with_extension("small");
    let flags = [
        "-Oz",
        "--enable-bulk-memory",
        "--enable-nontrapping-float-to-int",
        "--enable-sign-ext",
        "--enable-mutable-globals",
        "--enable-reference-types",
        "--enable-multivalue",
    ];
    if release && machine::has("wasm-opt") {
        let (from, to) = (module.to_string_lossy(), small.to_string_lossy());
        shell::run("wasm-opt", flags.into_iter().chain([from.as_ref(), "-o", to.as_ref()]))?;
        return Ok(std::fs::read(small)?);
    }
    Ok(std::fs::read(module)?)
}

fn css() -> Result<String> {
    let provider = FileProvider::new();
    let mut bundler = Bundler::new(&provider, None, ParserOptions::default());
    let main = shell::root().join("style/main.css");
    let mut sheet = bundler.bundle(&main).map_err(|e| anyhow!("style: {e}"))?;
    // The floor of the look: Chrome 109, Firefox 115, Safari 16.4.
    let browsers = Browsers {
        chrome: Some(109 << 16),
        firefox: Some(115 << 16),
        safari: Some(16 << 16 | 4 << 8),
        ..Browsers::default()
    };
    let targets = Targets::from(browsers);
    sheet.minify(MinifyOptions { targets, ..MinifyOptions::default() }).map_err(|e| anyhow!("style: {e}"))?;
    Ok(sheet.to_css(PrinterOptions { minify: true, targets, ..PrinterOptions::default() })?.code)
}

fn fresh(folder: &Path) -> Result<()> {
    if folder.exists() {
        std::fs::remove_dir_all(folder)?;
    }
    Ok(std::fs::create_dir_all(folder)?)
}

struct Site {
    home: PathBuf,
    folder: PathBuf,
    pack: bool,
}

impl Site {
    /// Writes a file under a name with a hash of its content; gives the name.
    fn add(&self, stem: &str, end: &str, bytes: &[u8]) -> Result<String> {
        let hash: String = Sha256::digest(bytes).iter().take(6).map(|b| format!("{b:02x}")).collect();
        let name = format!("{stem}.{hash}.{end}");
        std::fs::write(self.folder.join(&name), bytes)?;
        if self.pack {
            let mut br = Vec::new();
            brotli::CompressorWriter::new(&mut br, 4096, 11, 22).write_all(bytes)?;
            std::fs::write(self.folder.join(format!("{name}.br")), &br)?;
            let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
            gz.write_all(bytes)?;
            std::fs::write(self.folder.join(format!("{name}.gz")), gz.finish()?)?;
            println!("{name}: {} bytes, {} as brotli", bytes.len(), br.len());
        }
        Ok(name)
    }

    /// Takes the place of the old site, if anything changed: the server is not rebuilt for nothing.
    fn settle(&self) -> Result<()> {
        let site = self.home.join("site");
        if names(&site) == names(&self.folder) {
            return Ok(());
        }
        if site.exists() {
            std::fs::remove_dir_all(&site)?;
        }
        Ok(std::fs::rename(&self.folder, &site)?)
    }
}

fn names(folder: &Path) -> Vec<std::ffi::OsString> {
    let mut names: Vec<_> = std::fs::read_dir(folder).into_iter().flatten().flatten().map(|e| e.file_name()).collect();
    names.sort();
    names
}
