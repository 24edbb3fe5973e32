//! What a table is, and the macro that declares one: a struct whose fields are its columns.

use arrow::array::RecordBatch;
use arrow::datatypes::{DataType, Schema, SchemaRef};

/// A table as declared in [`crate::tables`]: name, schema version, columns, meaning.
#[derive(Debug)]
pub struct Table {
    pub name: &'static str,
    pub doc: &'static str,
    /// A nullable column more raises minor; anything else raises major, which older binaries refuse.
    pub major: u32,
    pub minor: u32,
    pub fields: fn() -> Vec<Field>,
}

#[derive(Debug, Clone)]
pub struct Field {
    pub name: &'static str,
    pub doc: &'static str,
    pub data_type: DataType,
    pub nullable: bool,
}

impl Table {
    pub fn has(&self, column: &str) -> bool {
        (self.fields)().iter().any(|field| field.name == column)
    }

    pub fn schema(&self) -> SchemaRef {
        let fields: Vec<_> = (self.fields)()
            .into_iter()
            .map(|f| arrow::datatypes::Field::new(f.name, f.data_type, f.nullable))
            .collect();
        Schema::new(fields).into()
    }
}

/// A row of a table, typed.
pub trait Row: Sized + Send + 'static {
    const TABLE: &'static Table;

    /// Rows as one batch with the table's schema.
    fn batch<'a>(rows: impl IntoIterator<Item = &'a Self>) -> RecordBatch;

    /// All rows of a batch that has at least the table's columns, in any order.
    ///
    /// # Errors
    /// Names the first column that is missing.
    fn rows(batch: &RecordBatch) -> Result<Vec<Self>, crate::Error>;
}

/// A row of a table that runs of consolidation derive: a version of something, by the run that wrote it.
pub trait Derived: Row + Clone + PartialEq + Sync {
    /// Stable over runs.
    fn id(&self) -> &str;

    /// The row as a version of that run.
    fn of_run(self, run: &str) -> Self;

    /// The version that says that it is no more.
    fn gone(self) -> Self;
}

/// `r#type` is the column `type`.
pub(crate) const fn column_name(field: &'static str) -> &'static str {
    match field.as_bytes() {
        [b'r', b'#', ..] => field.split_at(2).1,
        _ => field,
    }
}

/// Declares a table: from one struct with doc comments come the typed row, the Arrow schema, the
/// batch builder and reader, and the manual's entry.
macro_rules! table {
    (
        $(#[doc = $doc:literal])*
        $table:literal ($major:literal, $minor:literal) => $row:ident {
            $( $(#[doc = $column_doc:literal])* $column:ident : $ty:ty, )*
        }
    ) => {
        $(#[doc = $doc])*
        #[derive(Debug, Clone, Default, PartialEq, serde::Serialize, serde::Deserialize)]
        pub struct $row {
            $( $(#[doc = $column_doc])* pub $column: $ty, )*
        }

        impl $crate::Row for $row {
            const TABLE: &'static $crate::Table = &$crate::Table {
                name: $table,
                doc: concat!($($doc, "\n"),*),
                major: $major,
                minor: $minor,
                fields: || vec![$( $crate::Field {
                    name: const { $crate::table::column_name(stringify!($column)) },
                    doc: concat!($($column_doc),*),
                    data_type: <$ty as $crate::Column>::data_type(),
                    nullable: <$ty as $crate::Column>::NULLABLE,
                } ),*],
            };

            fn batch<'a>(rows: impl IntoIterator<Item = &'a Self>) -> arrow::array::RecordBatch {
                $( let mut $column = <$ty as $crate::Column>::builder(); )*
                for row in rows {
                    $( <$ty as $crate::Column>::append(&row.$column, &mut $column); )*
                }
                arrow::array::RecordBatch::try_new(
                    Self::TABLE.schema(),
                    vec![$( <$ty as $crate::Column>::finish(&mut $column) ),*],
                )
                .expect("builders and schema come from one declaration")
            }

            fn rows(batch: &arrow::array::RecordBatch) -> Result<Vec<Self>, $crate::Error> {
                $(
                    let name = const { $crate::table::column_name(stringify!($column)) };
                    let $column = batch.column_by_name(name).ok_or_else(|| {
                        $crate::Error::internal(format!("{} has no column {name}", $table))
                    })?;
                )*
                Ok((0..batch.num_rows())
                    .map(|i| Self { $( $column: <$ty as $crate::Column>::read($column, i), )* })
                    .collect())
            }
        }
    };
}

/// Says which of the tables runs of consolidation derive, as `DERIVED`. They have the columns `id`, `run`, `deleted`
/// and `project`.
macro_rules! derived {
    ($( $row:ident ),* $(,)?) => {
        $(
            impl $crate::Derived for $row {
                fn id(&self) -> &str {
                    &self.id
                }

                fn of_run(self, run: &str) -> Self {
                    Self { run: run.to_owned(), ..self }
                }

                fn gone(self) -> Self {
                    Self { deleted: true, ..self }
                }
            }
        )*

        /// Tables that runs of consolidation derive: each has a view of what the newest complete runs say, under its
        /// name, and all versions under `NAME_versions`.
        pub const DERIVED: &[&Table] = &[$( $row::TABLE ),*];
    };
}
