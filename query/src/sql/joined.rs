//! Texts that a statement joins with `||`, within the bounds of the functions that join: see `sized.rs`.

use std::sync::{Arc, LazyLock};

use arrow::array::RecordBatch;
use arrow::datatypes::{DataType, Field, FieldRef, Schema};
use datafusion::common::tree_node::{Transformed, TreeNode};
use datafusion::common::{internal_err, plan_err};
use datafusion::error::Result;
use datafusion::logical_expr::expr::ScalarFunction;
use datafusion::logical_expr::type_coercion::binary::BinaryTypeCoercer;
use datafusion::logical_expr::{
    BinaryExpr, ColumnarValue, Expr, LogicalPlan, Operator, ReturnFieldArgs, ScalarFunctionArgs, ScalarUDF,
    ScalarUDFImpl, Signature, Volatility,
};
use datafusion::physical_expr::PhysicalExpr;
use datafusion::physical_expr::expressions::{BinaryExpr as Joining, Column};
use datafusion::prelude::SessionContext;
use datafusion::scalar::ScalarValue;

use super::sized::{Makes, check};

const OPERATOR: Operator = Operator::StringConcat;

static JOINED: LazyLock<Arc<ScalarUDF>> = LazyLock::new(|| {
    Arc::new(ScalarUDF::new_from_impl(Joined { signature: Signature::user_defined(Volatility::Immutable) }))
});

/// The plan with a bound on what it joins, and with the functions of the session wherever the planner took its own.
///
/// # Errors
/// A plan that does not hold together.
pub fn bounded(plan: LogicalPlan, context: &SessionContext) -> Result<LogicalPlan> {
    let state = context.state_ref();
    let state = state.read();
    let bounded = |expr: Expr| {
        Ok(match expr {
            Expr::BinaryExpr(BinaryExpr { left, op: OPERATOR, right }) => {
                let args = vec![*left, *right];
                Transformed::yes(Expr::ScalarFunction(ScalarFunction { func: JOINED.clone(), args }))
            }
            Expr::ScalarFunction(ScalarFunction { func, args }) => {
                let func = state.scalar_functions().get(func.name()).cloned().unwrap_or(func);
                Transformed::yes(Expr::ScalarFunction(ScalarFunction { func, args }))
            }
            other => Transformed::no(other),
        })
    };
    let plan =
        plan.transform_up_with_subqueries(|node| node.map_expressions(|expr| expr.transform_up(&bounded)))?;
    Ok(plan.data)
}

/// `||` as a function, which is to a statement as the operator is.
#[derive(Debug, PartialEq, Eq, Hash)]
struct Joined {
    signature: Signature,
}

impl ScalarUDFImpl for Joined {
    fn name(&self) -> &str {
        "||"
    }

    fn schema_name(&self, args: &[Expr]) -> Result<String> {
        match args {
            [left, right] => Ok(format!("{} {OPERATOR} {}", left.schema_name(), right.schema_name())),
            _ => internal_err!("{OPERATOR} joins two"),
        }
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn coerce_types(&self, types: &[DataType]) -> Result<Vec<DataType>> {
        let [left, right] = types else { return plan_err!("{OPERATOR} joins two") };
        let (left, right) = BinaryTypeCoercer::new(left, &OPERATOR, right).get_input_types()?;
        Ok(vec![left, right])
    }

    fn return_type(&self, types: &[DataType]) -> Result<DataType> {
        let [left, right] = types else { return plan_err!("{OPERATOR} joins two") };
        BinaryTypeCoercer::new(left, &OPERATOR, right).get_result_type()
    }

    fn return_field_from_args(&self, args: ReturnFieldArgs) -> Result<FieldRef> {
        let types: Vec<DataType> = args.arg_fields.iter().map(|field| field.data_type().clone()).collect();
        let nullable = args.arg_fields.iter().any(|field| field.is_nullable());
        Ok(Arc::new(Field::new(self.name(), self.return_type(&types)?, nullable)))
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        check(self.name(), Makes::Joined, &args.args)?;
        let same = args.args.iter().all(|value| matches!(value, ColumnarValue::Scalar(_)));
        let rows = if same { 1 } else { args.number_rows };
        let columns = args.args.iter().map(|value| value.to_array(rows)).collect::<Result<Vec<_>>>()?;
        let field = |name: &str, at: usize| Field::new(name, columns[at].data_type().clone(), true);
        let schema = Arc::new(Schema::new(vec![field("left", 0), field("right", 1)]));
        let (left, right) = (Column::new("left", 0), Column::new("right", 1));
        let joining = Joining::new(Arc::new(left), OPERATOR, Arc::new(right));
        let joined = joining.evaluate(&RecordBatch::try_new(schema, columns)?)?;
        match joined {
            ColumnarValue::Array(one) if same => {
                Ok(ColumnarValue::Scalar(ScalarValue::try_from_array(&one, 0)?))
            }
            joined => Ok(joined),
        }
    }
}

#[cfg(test)]
mod tests {
    use arrow::util::display::array_value_to_string;
    use datafusion::prelude::DataFrame;

    use super::*;
    use crate::sql::sized;

    async fn rows(statement: &str, bounds: bool) -> Result<Vec<String>> {
        let context = SessionContext::new();
        sized::bound(&context);
        let mut plan = context.state().create_logical_plan(statement).await?;
        if bounds {
            plan = bounded(plan, &context)?;
        }
        let batches = DataFrame::new(context.state(), plan).collect().await?;
        let mut rows = vec![];
        for batch in &batches {
            rows.push(format!("{:?}", batch.schema().fields()));
            for column in batch.columns() {
                rows.extend((0..batch.num_rows()).map(|row| array_value_to_string(column, row).unwrap()));
            }
        }
        Ok(rows)
    }

    #[tokio::test]
    async fn it_joins_as_the_operator_does() {
        let of = "FROM (VALUES ('a', 1), (NULL, 2), ('c', NULL)) t (x, n)";
        for statement in [
            format!("SELECT x || 'b', 'b' || x || n, x || NULL, 'a' || 'b' AS ab {of}"),
            format!("SELECT x || '-' AS y, count(*) {of} GROUP BY x || '-' ORDER BY x || '-'"),
            format!("SELECT x || '-', count(*) {of} GROUP BY x || '-' ORDER BY 1"),
            format!("SELECT n {of} WHERE x || n = 'a1' OR x IN (SELECT 'c' || '')"),
            "SELECT [1] || [2, 3], 'v' || (SELECT max(x) FROM (VALUES ('p')) t (x))".to_owned(),
            "SELECT arrow_cast('a', 'Utf8View') || 'b', arrow_cast('a', 'LargeUtf8') || 1.5".to_owned(),
        ] {
            let (bounded, plain) = (rows(&statement, true).await, rows(&statement, false).await);
            assert_eq!(bounded.unwrap(), plain.unwrap(), "{statement}");
        }
    }

    #[tokio::test]
    async fn what_grows_by_joining_ends() {
        let chain = |first: &str, next: &str| {
            let mut chain = format!("WITH t0 AS (SELECT {first} AS x)");
            for n in 1..16 {
                chain += &format!(", t{n} AS (SELECT {next} AS x FROM t{})", n - 1);
            }
            chain + " SELECT length(x) FROM t15"
        };
        for statement in [chain("repeat('x', 1000000)", "x || x || x"), chain("range(100000)", "x || x || x")]
        {
            let error = rows(&statement, true).await.unwrap_err().strip_backtrace();
            assert!(error.contains("would make"), "{error}");
        }
    }
}
