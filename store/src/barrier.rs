//! A table behind its conditions: nothing that a caller says runs on rows that they hide.
//!
//! Conditions of callers may fail on a value and tell it, or take longer by it. So the scan takes only
//! those that can do neither, and the plan below the barrier is nobody's: no optimiser moves anything
//! into it, and nobody is told how many rows it read or where they lie.

use std::fmt;
use std::sync::{Arc, OnceLock};

use arrow::datatypes::SchemaRef;
use async_trait::async_trait;
use datafusion::catalog::{Session, TableProvider};
use datafusion::common::{DFSchema, Result, Statistics};
use datafusion::execution::{SendableRecordBatchStream, TaskContext};
use datafusion::logical_expr::expr::{InList, Like};
use datafusion::logical_expr::{BinaryExpr, ExprSchemable, Operator, TableProviderFilterPushDown, TableType};
use datafusion::physical_plan::{DisplayAs, DisplayFormatType, ExecutionPlan, PlanProperties};
use datafusion::prelude::Expr;

use crate::addresses::Addresses;
use crate::at_hand::Rows;

#[derive(Debug)]
pub struct Barrier {
    name: &'static str,
    rows: Rows,
    conditions: Vec<Expr>,
}

impl Barrier {
    pub fn new(name: &'static str, rows: Rows, conditions: Vec<Expr>) -> Self {
        Self { name, rows, conditions }
    }

    /// The same without some rows, by their addresses.
    pub fn without(&self, hidden: Vec<Arc<Addresses>>) -> Self {
        let (rows, conditions) = (self.rows.without(hidden), self.conditions.clone());
        Self { name: self.name, rows, conditions }
    }
}

#[async_trait]
impl TableProvider for Barrier {
    fn schema(&self) -> SchemaRef {
        self.rows.schema()
    }

    fn table_type(&self) -> TableType {
        TableType::Base
    }

    fn supports_filters_pushdown(&self, filters: &[&Expr]) -> Result<Vec<TableProviderFilterPushDown>> {
        let schema = DFSchema::try_from(self.schema())?;
        let harmless = |filter: &&Expr| match is_harmless(filter, &schema) {
            true => TableProviderFilterPushDown::Exact,
            false => TableProviderFilterPushDown::Unsupported,
        };
        Ok(filters.iter().map(harmless).collect())
    }

    async fn scan(
        &self,
        state: &dyn Session,
        projection: Option<&Vec<usize>>,
        filters: &[Expr],
        limit: Option<usize>,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let all: Vec<Expr> = self.conditions.iter().chain(filters).cloned().collect();
        let below = self.rows.scan(state, projection, &all, limit).await?;
        Ok(Arc::new(Sealed { name: self.name, below, known: OnceLock::new() }))
    }
}

/// Comparisons of a column with a value of its own type, and what is made of them.
fn is_harmless(filter: &Expr, schema: &DFSchema) -> bool {
    // Statements name columns by their table too, which the table itself does not.
    let typed = |expr: &Expr| match expr {
        Expr::Column(column) => {
            Some(schema.field_with_unqualified_name(&column.name).ok()?.data_type().clone())
        }
        other => other.get_type(schema).ok(),
    };
    let simple = |column: &Expr, value: &Expr| {
        matches!((column, value), (Expr::Column(_), Expr::Literal(..))) && typed(column) == typed(value)
    };
    match filter {
        Expr::Column(_) | Expr::Literal(..) => true,
        Expr::Not(inner) => is_harmless(inner, schema),
        Expr::IsNull(inner) | Expr::IsNotNull(inner) => matches!(**inner, Expr::Column(_)),
        Expr::BinaryExpr(BinaryExpr { left, op: Operator::And | Operator::Or, right }) => {
            is_harmless(left, schema) && is_harmless(right, schema)
        }
        Expr::BinaryExpr(BinaryExpr { left, op, right }) => {
            use Operator::{Eq, Gt, GtEq, Lt, LtEq, NotEq};
            matches!(op, Eq | NotEq | Lt | LtEq | Gt | GtEq) && (simple(left, right) || simple(right, left))
        }
        Expr::InList(InList { expr, list, .. }) => list.iter().all(|value| simple(expr, value)),
        Expr::Like(Like { expr, pattern, .. }) => simple(expr, pattern),
        _ => false,
    }
}

/// A plan that has no inside.
#[derive(Debug)]
struct Sealed {
    name: &'static str,
    below: Arc<dyn ExecutionPlan>,
    /// What is known of all its rows: rules of the optimiser ask again and again.
    known: OnceLock<Arc<Statistics>>,
}

impl DisplayAs for Sealed {
    fn fmt_as(&self, _: DisplayFormatType, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Table: {}", self.name)
    }
}

impl ExecutionPlan for Sealed {
    fn name(&self) -> &str {
        "Table"
    }

    fn properties(&self) -> &Arc<PlanProperties> {
        self.below.properties()
    }

    fn children(&self) -> Vec<&Arc<dyn ExecutionPlan>> {
        vec![]
    }

    fn with_new_children(self: Arc<Self>, _: Vec<Arc<dyn ExecutionPlan>>) -> Result<Arc<dyn ExecutionPlan>> {
        Ok(self)
    }

    fn execute(&self, partition: usize, context: Arc<TaskContext>) -> Result<SendableRecordBatchStream> {
        self.below.execute(partition, context)
    }

    fn partition_statistics(&self, partition: Option<usize>) -> Result<Arc<Statistics>> {
        if partition.is_some() {
            return self.below.partition_statistics(partition);
        }
        match self.known.get() {
            Some(known) => Ok(known.clone()),
            None => {
                let found = self.below.partition_statistics(None)?;
                Ok(self.known.get_or_init(|| found).clone())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use arrow::datatypes::{DataType, Field, Schema};
    use datafusion::prelude::{cast, col, lit};

    use super::*;

    #[test]
    fn only_what_cannot_fail_goes_below() {
        let fields =
            vec![Field::new("content", DataType::Utf8, true), Field::new("n", DataType::Int64, true)];
        let schema = DFSchema::try_from(Schema::new(fields)).unwrap();
        let harmless = |expr: Expr| is_harmless(&expr, &schema);
        assert!(harmless(col("n").gt(lit(1_i64)).and(col("content").in_list(vec![lit("a")], false))));
        assert!(harmless(col("content").like(lit("%a%")).or(col("n").is_null())));
        assert!(harmless(col("events.content").eq(lit("a")).and(col("events.n").lt(lit(2_i64)))));
        assert!(!harmless(col("events.n").eq(lit("a"))));
        assert!(!harmless(cast(col("content"), DataType::Int64).eq(lit(1_i64))));
        assert!(!harmless(lit(1_i64).eq(lit(1_i64) / col("n"))));
        assert!(!harmless(col("n").gt(lit(1_i32))), "a cast would be put between");
        assert!(!harmless(col("n").eq(lit(1_i64)).and((lit(1_i64) / col("n")).eq(lit(1_i64)))));
    }
}
