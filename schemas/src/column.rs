//! How one Rust type stands in an Arrow column: its type, its builder, its reader.

use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, AsArray, BinaryBuilder, BooleanBuilder, FixedSizeBinaryBuilder, Float32Builder,
    Float64Builder, Int32Builder, Int64Builder, ListBuilder, StringBuilder, TimestampMicrosecondBuilder,
    UInt64Builder,
};
use arrow::datatypes::{
    DataType, Field, Float32Type, Float64Type, Int32Type, Int64Type, TimeUnit, TimestampMicrosecondType,
    UInt64Type,
};

use crate::Time;

/// A Rust type that can be a column. Reading expects the array that the same type built.
pub trait Column: Sized {
    type Builder;
    const NULLABLE: bool = false;

    fn data_type() -> DataType;
    fn builder() -> Self::Builder;
    fn append(&self, builder: &mut Self::Builder);
    fn finish(builder: &mut Self::Builder) -> ArrayRef;
    /// The value at `row`. Panics when the array is of another type: schemas are checked on opening.
    fn read(array: &dyn Array, row: usize) -> Self;
}

macro_rules! plain {
    ($ty:ty, $builder:ty, $new:expr, $data_type:expr, |$value:ident| $append:expr, |$array:ident, $row:ident| $read:expr) => {
        impl Column for $ty {
            type Builder = $builder;
            fn data_type() -> DataType {
                $data_type
            }
            fn builder() -> $builder {
                $new
            }
            fn append(&self, builder: &mut $builder) {
                let $value = self;
                builder.append_value($append)
            }
            fn finish(builder: &mut $builder) -> ArrayRef {
                Arc::new(builder.finish())
            }
            fn read($array: &dyn Array, $row: usize) -> Self {
                $read
            }
        }

        impl Column for Option<$ty> {
            type Builder = $builder;
            const NULLABLE: bool = true;
            fn data_type() -> DataType {
                $data_type
            }
            fn builder() -> $builder {
                $new
            }
            fn append(&self, builder: &mut $builder) {
                match self {
                    Some($value) => builder.append_value($append),
                    None => builder.append_null(),
                }
            }
            fn finish(builder: &mut $builder) -> ArrayRef {
                Arc::new(builder.finish())
            }
            fn read(array: &dyn Array, row: usize) -> Self {
                array.is_valid(row).then(|| <$ty as Column>::read(array, row))
            }
        }
    };
}

plain!(String, StringBuilder, StringBuilder::new(), DataType::Utf8, |v| v, |a, i| a
    .as_string::<i32>()
    .value(i)
    .to_owned());
plain!(Vec<u8>, BinaryBuilder, BinaryBuilder::new(), DataType::Binary, |v| v, |a, i| a
    .as_binary::<i32>()
    .value(i)
    .to_vec());
plain!(i32, Int32Builder, Int32Builder::new(), DataType::Int32, |v| *v, |a, i| a
    .as_primitive::<Int32Type>()
    .value(i));
plain!(i64, Int64Builder, Int64Builder::new(), DataType::Int64, |v| *v, |a, i| a
    .as_primitive::<Int64Type>()
    .value(i));
plain!(u64, UInt64Builder, UInt64Builder::new(), DataType::UInt64, |v| *v, |a, i| a
    .as_primitive::<UInt64Type>()
    .value(i));
plain!(f64, Float64Builder, Float64Builder::new(), DataType::Float64, |v| *v, |a, i| a
    .as_primitive::<Float64Type>()
    .value(i));
plain!(bool, BooleanBuilder, BooleanBuilder::new(), DataType::Boolean, |v| *v, |a, i| a
    .as_boolean()
    .value(i));
plain!(
    Time,
    TimestampMicrosecondBuilder,
    TimestampMicrosecondBuilder::new().with_timezone("UTC"),
    DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into())),
    |v| v.micros(),
    |a, i| Time::from_micros(a.as_primitive::<TimestampMicrosecondType>().value(i))
);

impl Column for [u8; 16] {
    type Builder = FixedSizeBinaryBuilder;
    fn data_type() -> DataType {
        DataType::FixedSizeBinary(16)
    }
    fn builder() -> FixedSizeBinaryBuilder {
        FixedSizeBinaryBuilder::new(16)
    }
    fn append(&self, builder: &mut FixedSizeBinaryBuilder) {
        builder.append_value(self).expect("16 bytes are 16 bytes")
    }
    fn finish(builder: &mut FixedSizeBinaryBuilder) -> ArrayRef {
        Arc::new(builder.finish())
    }
    fn read(array: &dyn Array, row: usize) -> Self {
        array.as_fixed_size_binary().value(row).try_into().expect("16 bytes wide by schema")
    }
}

/// Lists are never null: nothing there is the empty list.
impl Column for Vec<String> {
    type Builder = ListBuilder<StringBuilder>;
    fn data_type() -> DataType {
        DataType::List(Arc::new(Field::new_list_field(DataType::Utf8, true)))
    }
    fn builder() -> Self::Builder {
        ListBuilder::new(StringBuilder::new())
    }
    fn append(&self, builder: &mut Self::Builder) {
        for value in self {
            builder.values().append_value(value);
        }
        builder.append(true);
    }
    fn finish(builder: &mut Self::Builder) -> ArrayRef {
        Arc::new(builder.finish())
    }
    fn read(array: &dyn Array, row: usize) -> Self {
        let values = array.as_list::<i32>().value(row);
        values.as_string::<i32>().iter().flatten().map(str::to_owned).collect()
    }
}

impl Column for Vec<u64> {
    type Builder = ListBuilder<UInt64Builder>;
    fn data_type() -> DataType {
        DataType::List(Arc::new(Field::new_list_field(DataType::UInt64, true)))
    }
    fn builder() -> Self::Builder {
        ListBuilder::new(UInt64Builder::new())
    }
    fn append(&self, builder: &mut Self::Builder) {
        builder.values().append_slice(self);
        builder.append(true);
    }
    fn finish(builder: &mut Self::Builder) -> ArrayRef {
        Arc::new(builder.finish())
    }
    fn read(array: &dyn Array, row: usize) -> Self {
        array.as_list::<i32>().value(row).as_primitive::<UInt64Type>().values().to_vec()
    }
}

/// An embedding: as many numbers as its model gives.
#[derive(Debug, Clone, Default, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Vector(pub Vec<f32>);

impl Column for Vector {
    type Builder = ListBuilder<Float32Builder>;
    fn data_type() -> DataType {
        DataType::List(Arc::new(Field::new_list_field(DataType::Float32, true)))
    }
    fn builder() -> Self::Builder {
        ListBuilder::new(Float32Builder::new())
    }
    fn append(&self, builder: &mut Self::Builder) {
        builder.values().append_slice(&self.0);
        builder.append(true);
    }
    fn finish(builder: &mut Self::Builder) -> ArrayRef {
        Arc::new(builder.finish())
    }
    fn read(array: &dyn Array, row: usize) -> Self {
        Self(array.as_list::<i32>().value(row).as_primitive::<Float32Type>().values().to_vec())
    }
}
