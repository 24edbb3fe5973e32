//! `athena`: parse, resolve the settings, run a command, end with its code.

mod args;
mod client;
mod commands;
mod config;
mod exit;
mod logging;
mod node;
mod out;
mod project;
mod sample;
mod settings;

use std::process::ExitCode;

use anyhow::Context;

/// Ingest makes and drops many small texts, on more than one thread: docs/measured.md has what it is worth.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// After how many milliseconds memory that was freed goes back to the system; the allocator's own choice is 1,000, and
/// merges and runs that follow one another then keep a quarter more. `MIMALLOC_PURGE_DELAY` sets another number.
const PURGE_DELAY_MS: std::ffi::c_long = 200;
/// `mi_option_purge_delay` of mimalloc's header, which its crate does not name.
const PURGE_DELAY: libmimalloc_sys::mi_option_t = 15;

/// Plans of statements are walked in depth; pages of a stack that are not touched cost nothing.
pub const STACK_BYTES: usize = 16 << 20;

/// How many threads of Lance decode what is read. Its own choice is one where there are two cores: then an answer waits in
/// line behind what a run reads, where the system would share the cores between the two.
const DECODING: &str = "LANCE_CPU_THREADS";
const LEAST_DECODING: usize = 4;

fn main() -> ExitCode {
    // SAFETY: no other thread runs yet.
    unsafe { libmimalloc_sys::mi_option_set_default(PURGE_DELAY, PURGE_DELAY_MS) };
    decode_side_by_side();
    let args = match args::parse() {
        Ok(args) => args,
        Err(code) => return code,
    };
    match run(args) {
        Ok(code) => code,
        Err(error) => exit::report(&error),
    }
}

fn decode_side_by_side() {
    if std::env::var_os(DECODING).is_none() {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        // SAFETY: no other thread runs yet.
        unsafe { std::env::set_var(DECODING, cores.max(LEAST_DECODING).to_string()) };
    }
}

fn run(args: args::Args) -> anyhow::Result<ExitCode> {
    let settings = settings::load(args.config.as_deref(), &args.command.flags())?;
    logging::start(&settings, args.command.is_role())?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .thread_stack_size(STACK_BYTES)
        .build()
        .context("start the runtime")?;
    let code = runtime.block_on(commands::run(args.command, settings));
    // What was acknowledged is durable: nothing that still runs is waited for.
    runtime.shutdown_background();
    code
}
