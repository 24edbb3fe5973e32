//! Functions that make long values of short ones, within bounds: a word and a number are not to fill the memory.
//!
//! They are bounded where they are called, so it does not matter where their arguments come from, nor whether the planner
//! calls them or the statement when it runs.

use arrow::array::{Array, ArrayRef, AsArray};
use arrow::compute::cast;
use arrow::compute::kernels::length::length;
use arrow::datatypes::{DataType, FieldRef, Float64Type, IntervalMonthDayNanoType, TimeUnit};
use datafusion::common::exec_err;
use datafusion::error::Result;
use datafusion::execution::context::SessionContext;
use datafusion::logical_expr::{
    ColumnarValue, Documentation, ReturnFieldArgs, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature,
};

/// Bytes of a value that is made of nothing: as many as an event has.
const MADE: usize = 1 << 20;
/// Bytes of a value that others are put together to.
const JOINED: usize = 16 << 20;
/// Bytes of the values of one call, which is for one batch of rows.
const CALL: usize = 256 << 20;

const FUNCTIONS: [(&str, Makes); 12] = [
    ("repeat", Makes::Repeated),
    ("lpad", Makes::Padded),
    ("rpad", Makes::Padded),
    ("range", Makes::Series),
    ("generate_series", Makes::Series),
    ("array_repeat", Makes::Repeated),
    ("array_resize", Makes::Resized),
    ("concat", Makes::Joined),
    ("concat_ws", Makes::Separated),
    ("array_concat", Makes::Joined),
    ("replace", Makes::Replaced),
    ("regexp_replace", Makes::Replaced),
];

/// How a function comes by the length of what it makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Makes {
    /// The first, as often as the second says.
    Repeated,
    /// As many characters as the second says.
    Padded,
    /// Numbers or times, from where to where, and how far apart.
    Series,
    /// As many elements as the second says, each like the third.
    Resized,
    /// All of them, one after another.
    Joined,
    /// The same with the first between them.
    Separated,
    /// The first, with the third in place of each match of the second.
    Replaced,
}

/// A function with a bound.
#[derive(Debug, PartialEq, Eq, Hash)]
struct Sized {
    inner: ScalarUDF,
    makes: Makes,
}

/// Puts the bounds into a session.
pub fn bound(context: &SessionContext) {
    let (state, mut sized) = (context.state_ref(), Vec::new());
    for (name, makes) in FUNCTIONS {
        if let Some(inner) = state.read().scalar_functions().get(name) {
            sized.push(Sized { inner: inner.as_ref().clone(), makes });
        }
    }
    sized.into_iter().for_each(|one| context.register_udf(ScalarUDF::new_from_impl(one)));
}

// What DataFusion would simplify `concat` and its like to has no bound: literals are folded by calling it.
impl ScalarUDFImpl for Sized {
    fn name(&self) -> &str {
        self.inner.name()
    }

    fn aliases(&self) -> &[String] {
        self.inner.aliases()
    }

    fn signature(&self) -> &Signature {
        self.inner.signature()
    }

    fn return_type(&self, types: &[DataType]) -> Result<DataType> {
        self.inner.return_type(types)
    }

    fn return_field_from_args(&self, args: ReturnFieldArgs) -> Result<FieldRef> {
        self.inner.return_field_from_args(args)
    }

    fn coerce_types(&self, types: &[DataType]) -> Result<Vec<DataType>> {
        self.inner.coerce_types(types)
    }

    fn documentation(&self) -> Option<&Documentation> {
        self.inner.documentation()
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        check(self.name(), self.makes, &args.args)?;
        self.inner.invoke_with_args(args)
    }
}

/// # Errors
/// A call that would make values beyond the bounds.
pub(super) fn check(name: &str, makes: Makes, args: &[ColumnarValue]) -> Result<()> {
    // A value that is the same for all rows counts once here, and is made once.
    let arrays = args.iter().map(|value| match value {
        ColumnarValue::Array(array) => Ok(array.clone()),
        ColumnarValue::Scalar(one) => one.to_array(),
    });
    let arrays: Vec<ArrayRef> = arrays.collect::<Result<_>>()?;
    let most = makes.most();
    let mut all = 0.0;
    for bytes in makes.bytes(&arrays)? {
        if bytes > most as f64 {
            return exec_err!("{name} would make a value of about {bytes:.0} bytes; at most {most} are made");
        }
        all += bytes;
    }
    // What replaces may be longer than what is there to be replaced; then nothing is made of it.
    if makes != Makes::Replaced && all > CALL as f64 {
        return exec_err!("{name} would make about {all:.0} bytes at once; at most {CALL} are made");
    }
    Ok(())
}

impl Makes {
    const fn most(self) -> usize {
        match self {
            Self::Repeated | Self::Padded | Self::Series | Self::Resized => MADE,
            Self::Joined | Self::Separated | Self::Replaced => JOINED,
        }
    }

    /// How long the value of each row can become, in bytes.
    fn bytes(self, args: &[ArrayRef]) -> Result<Vec<f64>> {
        let rows = args.iter().map(|array| array.len()).max().unwrap_or(0);
        let size = |at: usize| args.get(at).map_or_else(|| Ok(vec![0.0]), sizes);
        let number = |at: usize| args.get(at).map_or_else(|| Ok(vec![0.0]), numbers);
        let each = |of: &dyn Fn(usize) -> f64| (0..rows).map(of).collect();
        Ok(match self {
            Self::Repeated => {
                let (one, times) = (size(0)?, number(1)?);
                each(&|row| at(&one, row) * at(&times, row).max(0.0))
            }
            Self::Padded => {
                let characters = number(1)?;
                each(&|row| at(&characters, row).max(0.0) * CHARACTER)
            }
            Self::Series => {
                let (first, last, step) = series(args)?;
                each(&|row| {
                    let step = at(&step, row).abs();
                    let far = (at(&last, row) - at(&first, row)).abs();
                    // A step of nothing is the function's to refuse.
                    if step == 0.0 { 0.0 } else { far / step * ELEMENT }
                })
            }
            Self::Resized => {
                let (elements, fill) = (number(1)?, size(2)?);
                each(&|row| at(&elements, row).max(0.0) * (at(&fill, row) + ELEMENT))
            }
            Self::Joined | Self::Separated => {
                let all = args.iter().map(sizes).collect::<Result<Vec<_>>>()?;
                let between = match self {
                    Self::Separated => args.len().saturating_sub(2) as f64,
                    _ => 0.0,
                };
                each(&|row| {
                    let first = all.first().map_or(0.0, |first| at(first, row));
                    all.iter().map(|one| at(one, row)).sum::<f64>() + first * between
                })
            }
            Self::Replaced => {
                let (text, with) = (size(0)?, size(2)?);
                each(&|row| (at(&text, row) + 1.0) * at(&with, row).max(1.0))
            }
        })
    }
}

/// Bytes of an element of a list, and of a character, at most.
const ELEMENT: f64 = 8.0;
const CHARACTER: f64 = 4.0;

/// The value of a row, where one may be that of all.
fn at(values: &[f64], row: usize) -> f64 {
    values.get(row).or(values.first()).copied().unwrap_or(0.0)
}

fn sizes(array: &ArrayRef) -> Result<Vec<f64>> {
    let text = matches!(
        array.data_type(),
        DataType::Utf8
            | DataType::LargeUtf8
            | DataType::Utf8View
            | DataType::Binary
            | DataType::LargeBinary
            | DataType::BinaryView
    );
    if text {
        return numbers(&length(array)?);
    }
    let size = |row| array.slice(row, 1).to_data().get_slice_memory_size().unwrap_or(0) as f64;
    Ok((0..array.len()).map(|row| size(row).max(ELEMENT)).collect())
}

/// What is no number is none of them.
fn numbers(array: &ArrayRef) -> Result<Vec<f64>> {
    let numbers = cast(array, &DataType::Float64)?;
    Ok(numbers.as_primitive::<Float64Type>().iter().map(Option::unwrap_or_default).collect())
}

/// From where, to where, and how far apart: numbers, or seconds.
fn series(args: &[ArrayRef]) -> Result<(Vec<f64>, Vec<f64>, Vec<f64>)> {
    Ok(match args {
        [last] => (vec![0.0], places(last)?, vec![1.0]),
        [first, last] => (places(first)?, places(last)?, vec![1.0]),
        [first, last, step, ..] => (places(first)?, places(last)?, steps(step)?),
        [] => (vec![], vec![], vec![]),
    })
}

fn places(array: &ArrayRef) -> Result<Vec<f64>> {
    let (of, a_second) = match array.data_type() {
        DataType::Date32 => (cast(array, &DataType::Int32)?, 1.0 / DAY_S),
        DataType::Timestamp(unit, _) => (cast(array, &DataType::Int64)?, a_second(*unit)),
        _ => (array.clone(), 1.0),
    };
    Ok(numbers(&of)?.into_iter().map(|place| place / a_second).collect())
}

fn steps(array: &ArrayRef) -> Result<Vec<f64>> {
    let Some(steps) = array.as_primitive_opt::<IntervalMonthDayNanoType>() else { return numbers(array) };
    let seconds = |step: arrow::datatypes::IntervalMonthDayNano| {
        let days = f64::from(step.months).mul_add(MONTH_DAYS, f64::from(step.days));
        days.mul_add(DAY_S, step.nanoseconds as f64 / 1e9)
    };
    Ok(steps.iter().map(|step| step.map_or(0.0, seconds)).collect())
}

const DAY_S: f64 = 86_400.0;
/// The shortest.
const MONTH_DAYS: f64 = 28.0;

const fn a_second(unit: TimeUnit) -> f64 {
    match unit {
        TimeUnit::Second => 1.0,
        TimeUnit::Millisecond => 1e3,
        TimeUnit::Microsecond => 1e6,
        TimeUnit::Nanosecond => 1e9,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn asked(statement: &str) -> Result<usize> {
        let context = SessionContext::new();
        bound(&context);
        let batches = context.sql(statement).await?.collect().await?;
        Ok(batches.iter().map(|batch| batch.num_rows()).sum())
    }

    #[tokio::test]
    async fn what_people_ask_is_made() {
        for statement in [
            "SELECT repeat('=', 72), list_repeat('x', 3), lpad('7', 3, '0'), rpad('x', 10)",
            "SELECT lpad(x, 5), concat(x, 1, NULL, 'b'), concat_ws(', ', x, 'b') FROM (VALUES ('a'), (NULL)) t (x)",
            "SELECT replace('a b', ' ', '&nbsp;'), regexp_replace('a  b', '\\s+', ' ', 'g')",
            "SELECT unnest(range(1, 1000)), unnest(generate_series(10, 1, -1))",
            "SELECT range(DATE '2025-01-01', DATE '2026-01-01', INTERVAL '1 day')",
            "SELECT generate_series(TIMESTAMP '2025-01-01', TIMESTAMP '2025-01-02', INTERVAL '1 minute')",
            "SELECT array_resize([1, 2], 5, 0), array_concat([1], [2, 3]), range(NULL, 3, 1), repeat(NULL, 3)",
            "SELECT count(*) FROM generate_series(1, 1000000)",
            "SELECT a.value FROM generate_series(1, 3) a WHERE a.value < length(repeat('x', 100))",
        ] {
            assert!(asked(statement).await.unwrap() > 0, "{statement}");
        }
    }

    #[tokio::test]
    async fn what_would_fill_the_memory_is_not_made() {
        for statement in [
            "SELECT length(repeat('x', 2000000000))",
            "SELECT length(repeat(x, 2000000000)) FROM (VALUES ('a'), ('b')) t (x)",
            "SELECT length(repeat(repeat('x', 1000000), 1000000))",
            "SELECT lpad('x', 2000000000), 1",
            "SELECT length(rpad(x, 2000000000, 'y')) FROM (VALUES ('a')) t (x)",
            "SELECT range(0, 1000000000000)",
            "SELECT length(generate_series(1, 1000000000, 2))",
            "SELECT range(DATE '0001-01-01', DATE '9999-01-01', INTERVAL '1 day')",
            "SELECT range(TIMESTAMP '2025-01-01', TIMESTAMP '2026-01-01', INTERVAL '1 microsecond')",
            "SELECT array_repeat('x', 1000000000)",
            "SELECT array_repeat(array_repeat(1, 1000), 1000000)",
            "SELECT array_resize([1], 1000000000)",
            "SELECT replace(repeat('x', 1000000), 'x', repeat('y', 1000000))",
            "SELECT regexp_replace(repeat('x', 1000000), 'x', repeat('y', 1000000), 'g')",
        ] {
            let error = asked(statement).await.unwrap_err().strip_backtrace();
            assert!(error.contains("would make"), "{statement}: {error}");
        }
        // The planner wants a number there, and gets none.
        assert!(asked("SELECT * FROM generate_series(1, length(repeat('x', 2000000000)))").await.is_err());
        let mut chain = "WITH t0 AS (SELECT repeat('x', 1000000) AS x)".to_owned();
        for n in 1..10 {
            chain += &format!(", t{n} AS (SELECT concat(x, x, x, x) AS x FROM t{})", n - 1);
        }
        let error = asked(&(chain + " SELECT length(x) FROM t9")).await.unwrap_err().strip_backtrace();
        assert!(error.contains("concat would make"), "{error}");
    }
}
