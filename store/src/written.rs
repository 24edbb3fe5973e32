//! Rows as they were staged, for those who read them next: to open a file again, and to decode it, takes longer than
//! what most do with a few rows.

use std::collections::VecDeque;
use std::sync::Arc;

use arrow::array::{ArrayRef, RecordBatch, UInt64Array};
use arrow::datatypes::Schema;
use lance::Dataset;
use lance_core::ROW_ADDR_FIELD;
use lance_core::utils::address::RowAddress;
use lance_table::format::Fragment;
use parking_lot::Mutex;

/// Rows of one file that are kept at most, and bytes of all.
const ROWS: usize = 500;
const BYTES: usize = 8 << 20;

/// Rows of files that were written last here, by the name of the file, the oldest first.
#[derive(Debug, Default)]
pub struct Written(Mutex<Files>);

#[derive(Debug, Default)]
struct Files {
    all: VecDeque<(String, RecordBatch)>,
    /// What the rows take together: to add it up anew would take each write longer, the more there are.
    bytes: usize,
}

impl Written {
    /// Keeps the rows of one file.
    pub fn keep(&self, fragments: &[Fragment], batches: &[RecordBatch]) {
        let ([fragment], [rows]) = (fragments, batches) else { return };
        let [file] = fragment.files.as_slice() else { return };
        if rows.num_rows() > ROWS {
            return;
        }
        let mut files = self.0.lock();
        files.bytes += rows.get_array_memory_size();
        files.all.push_back((file.path.clone(), rows.clone()));
        while files.bytes > BYTES {
            files.remove(0);
        }
    }

    /// The rows of a fragment as reading it would give them, with their addresses behind the columns; `None` where they
    /// are not here any more, or the table has other columns since.
    pub fn take(&self, dataset: &Dataset, fragment: &Fragment) -> Option<RecordBatch> {
        let [file] = fragment.files.as_slice() else { return None };
        let rows = {
            let mut files = self.0.lock();
            let at = files.all.iter().position(|(name, _)| *name == file.path)?;
            files.remove(at)?
        };
        if fragment.deletion_file.is_some() {
            return None;
        }
        let fragment = u32::try_from(fragment.id).ok()?;
        let addresses =
            (0..).take(rows.num_rows()).map(|row| RowAddress::new_from_parts(fragment, row).into());
        let addresses: ArrayRef = Arc::new(UInt64Array::from_iter_values(addresses));
        let mut fields = Schema::from(dataset.schema()).fields().to_vec();
        let columns = fields.iter().map(|field| rows.column_by_name(field.name()).cloned());
        let columns: Option<Vec<ArrayRef>> = columns.chain([Some(addresses)]).collect();
        fields.push(Arc::new(ROW_ADDR_FIELD.clone()));
        RecordBatch::try_new(Arc::new(Schema::new(fields)), columns?).ok()
    }

    /// Of all that is kept.
    pub fn bytes(&self) -> usize {
        self.0.lock().bytes
    }

    pub fn forget(&self) {
        *self.0.lock() = Files::default();
    }
}

impl Files {
    fn remove(&mut self, at: usize) -> Option<RecordBatch> {
        let (_, rows) = self.all.remove(at)?;
        self.bytes -= rows.get_array_memory_size();
        Some(rows)
    }
}

#[cfg(test)]
mod tests {
    use athena_schemas::Row;
    use athena_schemas::tables::{Event, Memory};
    use lance::dataset::{InsertBuilder, WriteMode, WriteParams};

    use super::*;
    use crate::at_hand::read;

    async fn same(rows: RecordBatch) {
        let folder = tempfile::tempdir().unwrap();
        let uri = folder.path().join("t.lance").display().to_string();
        for mode in [WriteMode::Create, WriteMode::Append] {
            let params = WriteParams { mode, ..WriteParams::default() };
            InsertBuilder::new(&*uri).with_params(&params).execute(vec![rows.clone()]).await.unwrap();
        }
        let dataset = Dataset::open(&uri).await.unwrap();
        let fragments = dataset.manifest().fragments.to_vec();
        let (here, nowhere) = (Written::default(), Written::default());
        fragments.iter().for_each(|one| here.keep(std::slice::from_ref(one), std::slice::from_ref(&rows)));
        let kept = here.take(&dataset, &fragments[1]).unwrap();
        assert_eq!(kept, read(&dataset, fragments[1..].to_vec(), &nowhere).await.unwrap().rows);
        assert!(here.take(&dataset, &fragments[1]).is_none(), "once");
        here.forget();
        assert!(here.take(&dataset, &fragments[0]).is_none());
    }

    #[tokio::test]
    async fn rows_are_those_that_reading_gives() {
        let full = Event {
            id: "e-1".into(),
            content: Some("said".into()),
            files: vec!["a.rs".into(), String::new()],
            ..Event::default()
        };
        same(Event::batch([&full, &Event::default(), &full])).await;
        let full = Memory { id: "m-1".into(), tags: vec!["a".into()], ..Memory::default() };
        same(Memory::batch([&Memory::default(), &full])).await;
    }

    #[tokio::test]
    async fn what_is_kept_is_bounded() {
        let folder = tempfile::tempdir().unwrap();
        let uri = folder.path().join("t.lance").display().to_string();
        let rows = Event::batch([&Event { content: Some("x".repeat(BYTES / 3)), ..Event::default() }]);
        for mode in [WriteMode::Create, WriteMode::Append, WriteMode::Append] {
            let params = WriteParams { mode, ..WriteParams::default() };
            InsertBuilder::new(&*uri).with_params(&params).execute(vec![rows.clone()]).await.unwrap();
        }
        let dataset = Dataset::open(&uri).await.unwrap();
        let written = Written::default();
        let fragments = dataset.manifest().fragments.to_vec();
        fragments.iter().for_each(|one| written.keep(std::slice::from_ref(one), std::slice::from_ref(&rows)));
        let is_there = fragments.iter().map(|one| written.take(&dataset, one).is_some());
        assert_eq!(is_there.collect::<Vec<_>>(), [false, true, true]);
    }
}
