//! The names that a session knows. A view is planned when a statement names it, once a session: there are many of
//! them, and a statement names few.

use std::any::Any;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use athena_schemas::Time;
use athena_schemas::tables::DERIVED;
use datafusion::catalog::{
    CatalogProvider, MemoryCatalogProvider, MemoryCatalogProviderList, MemorySchemaProvider, SchemaProvider,
    TableProvider,
};
use datafusion::common::{DataFusionError, Result, exec_err};
use datafusion::datasource::ViewTable;
use datafusion::logical_expr::{LogicalPlan, TableType};
use datafusion::prelude::SessionContext;
use parking_lot::Mutex;
use tokio::sync::OnceCell;

use crate::standing::newest;
use crate::{Snapshot, SqlOptions};

/// Views with a statement of their own: SQL name, and what reads the versions.
const VIEWS: [(&str, &str); 9] = [
    ("evidence", include_str!("../sql/evidence.sql")),
    ("goals", include_str!("../sql/goals.sql")),
    ("goals_versions", include_str!("../sql/goals_versions.sql")),
    ("memories", include_str!("../sql/memories.sql")),
    ("records", include_str!("../sql/records.sql")),
    ("tasks", include_str!("../sql/tasks.sql")),
    ("tasks_versions", include_str!("../sql/tasks_versions.sql")),
    ("triggers", include_str!("../sql/triggers.sql")),
    ("triggers_versions", include_str!("../sql/triggers_versions.sql")),
];

/// What `evidence` has of each kind: not among the names that are listed.
const PARTS: [(&str, &str); 8] = [
    ("evidence_of_episode", include_str!("../sql/evidence/episode.sql")),
    ("evidence_of_memory", include_str!("../sql/evidence/memory.sql")),
    ("evidence_of_procedure", include_str!("../sql/evidence/procedure.sql")),
    ("evidence_of_fact", include_str!("../sql/evidence/fact.sql")),
    ("evidence_of_entity", include_str!("../sql/evidence/entity.sql")),
    ("evidence_of_relation", include_str!("../sql/evidence/relation.sql")),
    ("evidence_of_community", include_str!("../sql/evidence/community.sql")),
    ("evidence_of_association", include_str!("../sql/evidence/association.sql")),
];

/// Catalog and schema that names without a prefix are of.
const CATALOG: &str = "datafusion";
const SCHEMA: &str = "public";

type Tables = Arc<BTreeMap<String, Arc<dyn TableProvider>>>;

/// Whether it is the name of a view.
pub(crate) fn is_view(name: &str) -> bool {
    statement(name).is_some() || DERIVED.iter().any(|table| table.name == name)
}

/// The statement that a view has of its own.
fn statement(name: &str) -> Option<&'static str> {
    VIEWS.iter().chain(&PARTS).find(|(view, _)| *view == name).map(|(_, statement)| *statement)
}

/// A snapshot, and the time up to which its runs are seen.
pub(crate) struct Of {
    pub snapshot: Snapshot,
    pub at: Option<Time>,
}

pub(crate) struct Names {
    tables: Tables,
    /// What they are of, where they are as a snapshot has them.
    of: Option<Arc<Of>>,
    planned: Mutex<BTreeMap<String, Arc<dyn TableProvider>>>,
    /// What views are planned in: it knows the same names.
    planner: OnceCell<SessionContext>,
    /// What was added to this session alone.
    added: MemorySchemaProvider,
}

impl fmt::Debug for Names {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.table_names()).finish()
    }
}

impl Names {
    pub fn over(tables: BTreeMap<String, Arc<dyn TableProvider>>, of: Option<Of>) -> Self {
        Self::of(Arc::new(tables), of.map(Arc::new))
    }

    fn of(tables: Tables, of: Option<Arc<Of>>) -> Self {
        let (planned, planner, added) = Default::default();
        Self { tables, of, planned, planner, added }
    }

    /// A session that knows these names.
    pub fn into_session(self, options: &SqlOptions) -> Result<SessionContext> {
        let context = SessionContext::new_with_state(options.state.clone());
        context.register_catalog_list(Arc::new(MemoryCatalogProviderList::new()));
        let catalog = MemoryCatalogProvider::new();
        catalog.register_schema(SCHEMA, Arc::new(self))?;
        context.register_catalog(CATALOG, Arc::new(catalog));
        Ok(context)
    }

    async fn view(&self, name: &str) -> Result<Option<Arc<dyn TableProvider>>> {
        if !is_view(name) {
            return Ok(None);
        }
        if let Some(view) = self.planned.lock().get(name) {
            return Ok(Some(view.clone()));
        }
        let same =
            || async { Self::of(self.tables.clone(), self.of.clone()).into_session(SqlOptions::own()) };
        let planner = self.planner.get_or_try_init(same).await?.clone();
        let (named, of) = (name.to_owned(), self.of.clone());
        // Planning goes deep: views are planned on a stack of their own, not on that of the statement that names them.
        let planned = tokio::spawn(async move { plan(&planner, &named, of.as_deref()).await }).await;
        let plan = planned.map_err(|error| DataFusionError::External(Box::new(error)))??;
        let view: Arc<dyn TableProvider> = Arc::new(ViewTable::new(plan, None));
        self.planned.lock().insert(name.to_owned(), view.clone());
        Ok(Some(view))
    }
}

async fn plan(planner: &SessionContext, name: &str, of: Option<&Of>) -> Result<LogicalPlan> {
    let frame = match statement(name) {
        Some(statement) => planner.sql(statement).await?,
        None => {
            let table = DERIVED.iter().find(|table| table.name == name).expect("it is a view");
            let versions = format!("{name}_versions");
            match of {
                Some(of) => {
                    let standing = of.snapshot.standing(table, of.at).await;
                    let standing = standing.map_err(|error| DataFusionError::External(Box::new(error)))?;
                    let versions = planner.table_provider(versions).await?;
                    let versions: &dyn Any = versions.as_ref();
                    let versions = versions.downcast_ref().expect("tables are behind barriers");
                    standing.shown(planner, versions, table)?
                }
                None => newest(planner, table, planner.table(versions).await?).await?,
            }
        }
    };
    Ok(frame.into_unoptimized_plan())
}

#[async_trait]
impl SchemaProvider for Names {
    fn table_names(&self) -> Vec<String> {
        let views = VIEWS.iter().map(|(name, _)| *name).chain(DERIVED.iter().map(|table| table.name));
        let mut names: Vec<String> = self.tables.keys().cloned().chain(views.map(str::to_owned)).collect();
        names.extend(self.added.table_names());
        names
    }

    async fn table(&self, name: &str) -> Result<Option<Arc<dyn TableProvider>>> {
        if let Some(table) = self.tables.get(name) {
            return Ok(Some(table.clone()));
        }
        match self.added.table(name).await? {
            Some(table) => Ok(Some(table)),
            None => self.view(name).await,
        }
    }

    /// Without planning anything.
    async fn table_type(&self, name: &str) -> Result<Option<TableType>> {
        match is_view(name) {
            true => Ok(Some(TableType::View)),
            false => Ok(self.table(name).await?.map(|table| table.table_type())),
        }
    }

    fn register_table(
        &self,
        name: String,
        table: Arc<dyn TableProvider>,
    ) -> Result<Option<Arc<dyn TableProvider>>> {
        if self.tables.contains_key(&name) || is_view(&name) {
            return exec_err!("the name {name} is taken");
        }
        self.added.register_table(name, table)
    }

    fn deregister_table(&self, name: &str) -> Result<Option<Arc<dyn TableProvider>>> {
        self.added.deregister_table(name)
    }

    fn table_exist(&self, name: &str) -> bool {
        self.tables.contains_key(name) || is_view(name) || self.added.table_exist(name)
    }
}
