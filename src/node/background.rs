//! Threads for work that nobody waits for, and for statements of callers: it yields the cores to requests.

use std::io;

use anyhow::Context;
use tokio::runtime::{Builder, Handle, Runtime};

/// Work that an answer may wait for, upkeep, and learning; each by how much it gives way to those that answer: of two that
/// want the same core it gets two fifths, a quarter, a tenth.
const WORK: [(&str, i32); 3] = [("athena-follow", 2), ("athena-upkeep", 5), ("athena-learn", 10)];

/// What a statement takes from the others; of two that want the same core it gets a quarter.
const STATEMENT: (&str, i32) = ("athena-sql", 5);

/// A runtime for each of them, so that none waits in line behind another. What runs there is left when it is dropped.
pub struct Background(Vec<Runtime>);

impl Background {
    pub fn start(stack_bytes: usize) -> anyhow::Result<Self> {
        let runtime = |work| yielding(work, stack_bytes).build().context("start the background threads");
        Ok(Self(WORK.into_iter().map(runtime).collect::<anyhow::Result<_>>()?))
    }

    /// For what brings indexes and vectors up to the tables.
    pub fn following(&self) -> Handle {
        self.0[0].handle().clone()
    }

    pub fn upkeep(&self) -> Handle {
        self.0[1].handle().clone()
    }

    pub fn learning(&self) -> Handle {
        self.0[2].handle().clone()
    }
}

impl Drop for Background {
    fn drop(&mut self) {
        self.0.drain(..).for_each(Runtime::shutdown_background);
    }
}

/// The threads of one statement.
pub fn lane(stack_bytes: usize, threads: usize) -> io::Result<Runtime> {
    yielding(STATEMENT, stack_bytes).worker_threads(threads.max(1)).build()
}

fn yielding((name, nice): (&str, i32), stack_bytes: usize) -> Builder {
    let give_way = move || {
        // Linux has a priority for each thread, and 0 means this one. If it is refused, all are equal.
        // SAFETY: the call reads and writes no memory of ours.
        #[cfg(target_os = "linux")]
        unsafe {
            libc::setpriority(libc::PRIO_PROCESS, 0, nice);
        }
    };
    let mut builder = Builder::new_multi_thread();
    builder.enable_all().thread_name(name).thread_stack_size(stack_bytes).on_thread_start(give_way);
    builder
}
