//! Threads for work that nobody waits for: it yields the cores to requests.

use anyhow::Context;
use tokio::runtime::{Builder, Handle, Runtime};

/// By how much the threads give way: a third of the weight of those that answer.
const NICE: i32 = 5;

/// A runtime of its own for upkeep, consolidation and the text index. What runs there is left when it is
/// dropped.
pub struct Background(Option<Runtime>);

impl Background {
    pub fn start(stack_bytes: usize) -> anyhow::Result<Self> {
        let give_way = || {
            // Linux has a priority for each thread, and 0 means this one. If it is refused, all are equal.
            // SAFETY: the call reads and writes no memory of ours.
            #[cfg(target_os = "linux")]
            unsafe {
                libc::setpriority(libc::PRIO_PROCESS, 0, NICE);
            }
        };
        let runtime = Builder::new_multi_thread()
            .enable_all()
            .thread_name("athena-behind")
            .thread_stack_size(stack_bytes)
            .on_thread_start(give_way)
            .build();
        Ok(Self(Some(runtime.context("start the background threads")?)))
    }

    pub fn handle(&self) -> Handle {
        self.0.as_ref().expect("there until it is dropped").handle().clone()
    }
}

impl Drop for Background {
    fn drop(&mut self) {
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}
