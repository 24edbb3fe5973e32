//! Statements of callers run on lanes: threads that nothing else runs on.
//!
//! ```text
//! statement ─▶ a place, waited for until the deadline ─▶ a lane ─▶ rows, a batch at a time ─▶ who asked
//! ```
//!
//! Who asked is answered at the deadline, whatever the statement does. One that does not stop then keeps its lane until it
//! does; nobody else waits for it.

use std::io;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use athena_schemas::{Code, Error};
use parking_lot::{Condvar, Mutex};
use tokio::runtime::Runtime;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::JoinHandle;
use tokio::time::{sleep, sleep_until, timeout_at};
use tokio_util::sync::{CancellationToken, DropGuard};
use tracing::warn;

/// Statements at once; more wait for their turn.
const LANES: usize = 16;
/// How many statements may go on after they were told to stop; with so many no other is begun.
const STUCK: usize = 4;
/// How long a statement may take to stop before it counts as one of these.
const STOPS_WITHIN: Duration = Duration::from_secs(1);
/// How long the threads of a lane are waited for, all of them together, to see whether they are free.
const MEETING: Duration = Duration::from_millis(20);

/// Makes the threads of one lane.
pub type NewLane = Arc<dyn Fn() -> io::Result<Runtime> + Send + Sync>;

/// The lanes of a server, made when they are first needed.
pub struct Lanes {
    new: NewLane,
    places: Arc<Semaphore>,
    idle: Mutex<Vec<Lane>>,
    stuck: AtomicUsize,
}

/// The threads of one statement. `None` once it is dropped.
struct Lane(Option<Runtime>);

/// A lane for one statement.
pub struct Place {
    lanes: Arc<Lanes>,
    lane: Lane,
    permit: OwnedSemaphorePermit,
}

impl Lanes {
    pub fn new(new: NewLane) -> Arc<Self> {
        let places = Arc::new(Semaphore::new(LANES));
        Arc::new(Self { new, places, idle: Mutex::default(), stuck: AtomicUsize::new(0) })
    }

    /// # Errors
    /// `resource_exhausted` when no place is free before the deadline, or too many statements do not stop.
    pub async fn place(self: &Arc<Self>, deadline: Instant) -> Result<Place, Error> {
        self.check()?;
        let permit = timeout_at(deadline.into(), self.places.clone().acquire_owned()).await;
        let permit = permit
            .map_err(|_| exhausted(format!("{LANES} other statements ran all the time")))?
            .map_err(|error| Error::internal(format!("places of statements: {error}")))?;
        self.check()?;
        let idle = self.idle.lock().pop();
        let lane = match idle {
            Some(lane) => lane,
            None => {
                let made = (self.new)().map_err(|error| Error::internal(format!("threads: {error}")))?;
                Lane(Some(made))
            }
        };
        Ok(Place { lanes: self.clone(), lane, permit })
    }

    fn check(&self) -> Result<(), Error> {
        let stuck = self.stuck.load(Ordering::Relaxed);
        if stuck < STUCK {
            return Ok(());
        }
        Err(exhausted(format!("{stuck} statements go on although they were stopped, and no other is begun")))
    }
}

fn exhausted(message: String) -> Error {
    Error::new(Code::ResourceExhausted, message).hint("ask again later")
}

impl Place {
    /// Does the work of a statement until it ends, what is given back is dropped, or the deadline; then the lane is free
    /// for another as soon as nothing of it runs any more.
    pub fn run(self, deadline: Instant, work: impl Future<Output = ()> + Send + 'static) -> DropGuard {
        let given_up = CancellationToken::new();
        let stop = given_up.clone();
        let bounded = async move {
            tokio::select! {
                () = stop.cancelled() => {}
                _ = timeout_at(deadline.into(), work) => {}
            }
        };
        let task = self.lane.runtime().spawn(bounded);
        tokio::spawn(self.until_free(task, deadline, given_up.clone()));
        given_up.drop_guard()
    }

    async fn until_free(self, task: JoinHandle<()>, deadline: Instant, given_up: CancellationToken) {
        let Self { lanes, lane, permit } = self;
        {
            let mut free = pin!(async {
                // One that panics has ended too, and its rows break off.
                let _ = task.await;
                while !lane.is_free().await {
                    sleep(MEETING).await;
                }
            });
            let stuck = async {
                tokio::select! {
                    () = given_up.cancelled() => {}
                    () = sleep_until(deadline.into()) => {}
                }
                sleep(STOPS_WITHIN).await;
            };
            tokio::select! {
                biased;
                () = &mut free => {}
                () = stuck => {
                    let _one_more = Stuck::one(&lanes.stuck);
                    warn!(stuck = lanes.stuck.load(Ordering::Relaxed), "a statement does not stop");
                    free.await;
                }
            }
        }
        lanes.idle.lock().push(lane);
        drop(permit);
    }
}

/// Counts one as long as it lives.
struct Stuck<'c>(&'c AtomicUsize);

impl<'c> Stuck<'c> {
    fn one(count: &'c AtomicUsize) -> Self {
        count.fetch_add(1, Ordering::Relaxed);
        Self(count)
    }
}

impl Drop for Stuck<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Lane {
    fn runtime(&self) -> &Runtime {
        self.0.as_ref().expect("it is taken out only when it is dropped")
    }

    /// Whether no thread of it is busy. A task that was stopped goes on until it next waits for something, and connections
    /// to storage are tasks that stay: so where there are tasks, all threads are asked to come together.
    async fn is_free(&self) -> bool {
        let metrics = self.runtime().metrics();
        if metrics.num_alive_tasks() == 0 {
            return true;
        }
        let meeting = Arc::new((Mutex::new(0), Condvar::new()));
        let threads = metrics.num_workers();
        let come = || {
            let meeting = meeting.clone();
            self.runtime().spawn(async move {
                let (here, all_here) = &*meeting;
                let mut here = here.lock();
                *here += 1;
                all_here.notify_all();
                all_here.wait_while_for(&mut here, |here| *here < threads, MEETING);
                *here >= threads
            })
        };
        let coming: Vec<JoinHandle<bool>> = (0..threads).map(|_| come()).collect();
        for one in coming {
            if !one.await.unwrap_or(false) {
                return false;
            }
        }
        true
    }
}

impl Drop for Lane {
    fn drop(&mut self) {
        if let Some(runtime) = self.0.take() {
            // What does not stop is left: it ends with the process.
            runtime.shutdown_background();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicBool;

    use tokio::runtime::Builder;
    use tokio::sync::oneshot;

    use super::*;

    fn lanes() -> Arc<Lanes> {
        Lanes::new(Arc::new(|| Builder::new_multi_thread().worker_threads(2).enable_all().build()))
    }

    fn soon() -> Instant {
        Instant::now() + Duration::from_secs(60)
    }

    /// Work that stops only when it is let go, whoever tells it to.
    async fn stubborn(lanes: &Arc<Lanes>, go: &Arc<AtomicBool>) {
        let (begun, begins) = oneshot::channel();
        let go = go.clone();
        let work = async move {
            let _ = begun.send(());
            while !go.load(Ordering::Relaxed) {
                std::thread::sleep(Duration::from_millis(1));
            }
        };
        let running = lanes.place(soon()).await.unwrap().run(soon(), work);
        begins.await.unwrap();
        drop(running);
    }

    async fn until(what: impl Fn() -> bool) {
        while !what() {
            tokio::task::yield_now().await;
        }
    }

    #[tokio::test]
    async fn a_lane_is_used_again() {
        let lanes = lanes();
        for _ in 0..3 {
            let (done, is_done) = oneshot::channel();
            let work = async move { done.send(std::thread::current().id()).unwrap() };
            let _running = lanes.place(soon()).await.unwrap().run(soon(), work);
            assert_ne!(is_done.await.unwrap(), std::thread::current().id());
            until(|| lanes.idle.lock().len() == 1).await;
        }
        assert_eq!(lanes.places.available_permits(), LANES);
    }

    #[tokio::test]
    async fn what_is_given_up_stops_where_it_waits() {
        let lanes = lanes();
        let running = lanes.place(soon()).await.unwrap().run(soon(), std::future::pending());
        assert_eq!(lanes.places.available_permits(), LANES - 1);
        drop(running);
        until(|| lanes.places.available_permits() == LANES).await;
        let _running = lanes.place(soon()).await.unwrap().run(Instant::now(), std::future::pending());
        until(|| lanes.places.available_permits() == LANES).await;
        assert_eq!(lanes.stuck.load(Ordering::Relaxed), 0);
    }

    #[tokio::test]
    async fn a_few_that_do_not_stop_are_borne() {
        let (lanes, go) = (lanes(), Arc::new(AtomicBool::new(false)));
        for _ in 0..STUCK {
            stubborn(&lanes, &go).await;
        }
        until(|| lanes.stuck.load(Ordering::Relaxed) == STUCK).await;
        let refused = lanes.place(soon()).await.err().unwrap();
        assert_eq!(refused.code, Code::ResourceExhausted);
        go.store(true, Ordering::Relaxed);
        until(|| lanes.stuck.load(Ordering::Relaxed) == 0).await;
        assert!(lanes.place(soon()).await.is_ok());
    }

    #[tokio::test]
    async fn a_place_is_not_waited_for_beyond_the_deadline() {
        let lanes = lanes();
        let mut all = Vec::new();
        for _ in 0..LANES {
            all.push(lanes.place(soon()).await.unwrap());
        }
        let refused = lanes.place(Instant::now()).await.err().unwrap();
        assert_eq!(refused.code, Code::ResourceExhausted);
        all.pop();
        assert!(lanes.place(soon()).await.is_ok());
    }
}
