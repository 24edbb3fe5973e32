//! Files that events say were changed, in folders that were indexed on this machine, are read again.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use athena_learn::code::{Language, What as Touched};
use athena_schemas::tables::Event;
use athena_schemas::vocabulary::Origin;
use athena_schemas::{Applied, Column, Error, Row};
use futures::TryStreamExt;
use tokio_util::sync::CancellationToken;
use tracing::{debug, warn};

use super::blocking;
use super::disk::{Ignored, below};
use super::index::{Counts, Plan, What, read};
use super::roots::Root;
use crate::App;
use crate::who::{Caller, Identity, Role};

/// How long changes are gathered before files are read.
const GATHER: Duration = Duration::from_millis(300);
/// Files that are read after one look; more are left to `code.index`.
const MOST_FILES: usize = 1_000;

/// Follows the tables until `stop`.
pub async fn follow(app: Arc<App>, stop: CancellationToken) {
    let mut seen = app.following.seen.clone();
    let mut applied = seen.borrow_and_update().clone();
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            changed = seen.changed() => if changed.is_err() { return },
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(GATHER) => {}
        }
        let now = seen.borrow_and_update().clone();
        if !app.code.roots.is_empty()
            && let Err(error) = look(&app, &applied, &now).await
        {
            warn!(%error, "changed files not read");
        }
        applied = now;
    }
}

async fn look(app: &Arc<App>, from: &Applied, to: &Applied) -> Result<(), Error> {
    for (project, paths) in changed(app, from, to).await? {
        for root in app.code.roots.of(&project) {
            let (folder, given) = (root.folder.clone(), paths.clone());
            let files = blocking(move || inside(&folder, &given)).await?;
            if files.is_empty() {
                continue;
            }
            let plan = plan(root, files);
            let mut counts = Counts::default();
            read(app, &plan, &mut counts).await?;
            debug!(project, ?counts, "changed files read");
        }
    }
    Ok(())
}

fn plan(root: Root, files: Vec<String>) -> Plan {
    let identity = Identity {
        name: root.actor,
        role: Role::Write,
        projects: vec![root.project.clone()],
        sensitive: false,
    };
    let caller = Caller { identity, origin: Origin::Import, project: None };
    Plan { caller, project: root.project, root: root.folder, what: What::Files(files) }
}

/// The paths that events of projects with roots say were changed.
async fn changed(
    app: &App,
    from: &Applied,
    to: &Applied,
) -> Result<BTreeMap<String, BTreeSet<String>>, Error> {
    const COLUMNS: [&str; 5] = ["project", "type", "tool", "outcome", "files"];
    let mut changed: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let snapshot = app.store.snapshot();
    let Some(mut rows) = snapshot.since(Event::TABLE, from, to, None, &COLUMNS).await? else {
        return Ok(changed);
    };
    let mut count = 0;
    while let Some(batch) = rows.try_next().await.map_err(athena_store::Error::from)? {
        for row in 0..batch.num_rows() {
            let text = |at: usize| <Option<String> as Column>::read(batch.column(at), row);
            let project = text(0).unwrap_or_default();
            let what = Touched::of(&text(1).unwrap_or_default(), text(2).as_deref(), text(3).as_deref());
            if !matches!(what, Some(Touched::Edit | Touched::Commit))
                || app.code.roots.of(&project).is_empty()
            {
                continue;
            }
            let files = <Vec<String> as Column>::read(batch.column(4), row);
            let files = files.into_iter().filter(|path| Language::of(path).is_some());
            let of_project = changed.entry(project).or_default();
            for path in files.take(MOST_FILES - count.min(MOST_FILES)) {
                count += usize::from(of_project.insert(path));
            }
        }
    }
    Ok(changed)
}

/// Those of the paths that are below a root and not left out; blocks.
fn inside(root: &Path, paths: &BTreeSet<String>) -> Vec<String> {
    let mut ignored = Ignored::new(root);
    let relative = paths.iter().filter_map(|path| {
        let path = Path::new(path);
        let path = if path.is_absolute() { below(root, path)? } else { below(root, &root.join(path))? };
        let plain = path.split('/').all(|part| !matches!(part, ".." | ""));
        plain.then(|| path.strip_prefix("./").map(str::to_owned).unwrap_or(path))
    });
    let mut files: Vec<String> = relative.collect();
    files.retain(|path| !ignored.hides(path));
    files
}
