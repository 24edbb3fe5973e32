//! docs/tables.md, written from the declarations.

use std::fmt::Write;

use arrow::datatypes::DataType;

use crate::tables::ALL;

/// The manual of all tables in Markdown.
pub fn markdown() -> String {
    let mut out = String::from(
        "# Tables\n\nWritten by `athena schema --markdown`. On disk each table is one Lance dataset, \
         `DIR/tables/NAME.lance`. Times are UTC microseconds. Of tables that keep versions, the SQL name \
         gives the newest of each id, and `NAME_versions` all of them. The views `tasks`, `goals` and `triggers` are the \
         records of these kinds; `evidence` (`project`, `kind`, `item`, `event`) leads what was learned back to its \
         events.\n",
    );
    for table in ALL {
        write!(
            out,
            "\n## {}\n\n{} Schema {}.{}.\n\n| column | type | null | meaning |\n|---|---|---|---|\n",
            table.name,
            table.doc.split_whitespace().collect::<Vec<_>>().join(" "),
            table.major,
            table.minor
        )
        .expect("writing to a string");
        for field in (table.fields)() {
            let null = if field.nullable { "yes" } else { "" };
            let doc = field.doc.split_whitespace().collect::<Vec<_>>().join(" ").replace('|', "\\|");
            writeln!(out, "| `{}` | {} | {null} | {doc} |", field.name, type_name(&field.data_type))
                .expect("writing to a string");
        }
    }
    out
}

/// The type as SQL users know it.
pub fn type_name(data_type: &DataType) -> String {
    match data_type {
        DataType::Utf8 => "text".into(),
        DataType::Binary => "bytes".into(),
        DataType::FixedSizeBinary(n) => format!("bytes({n})"),
        DataType::Int32 => "int".into(),
        DataType::Int64 => "bigint".into(),
        DataType::UInt64 => "bigint unsigned".into(),
        DataType::Float32 => "float".into(),
        DataType::Float64 => "double".into(),
        DataType::Boolean => "boolean".into(),
        DataType::Timestamp(..) => "timestamp".into(),
        DataType::List(item) => format!("list of {}", type_name(item.data_type())),
        other => other.to_string(),
    }
}
