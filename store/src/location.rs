//! Where the data lies: a local directory or a prefix of an object store.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use lance_io::object_store::ObjectStore;
use object_store::path::Path as ObjectPath;
use object_store::{ObjectStoreExt, PutMode, PutOptions};

use crate::{Error, Result};

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Location {
    Directory(PathBuf),
    /// `s3://bucket/prefix`; credentials and endpoint come from the usual AWS variables.
    Bucket(String),
}

impl Location {
    /// `DIR` or `s3://…`.
    ///
    /// # Errors
    /// Another scheme, or a directory whose name is not UTF-8.
    pub fn parse(text: &str) -> Result<Self> {
        match text.split_once("://") {
            Some(("s3", _)) => Ok(Self::Bucket(text.trim_end_matches('/').to_owned())),
            Some(("file", path)) => Ok(Self::Directory(path.into())),
            Some((scheme, _)) => Err(Error::Layout(format!(
                "data: {scheme}:// is not supported; give a directory or s3://bucket/prefix"
            ))),
            None => Ok(Self::Directory(std::path::absolute(text)?)),
        }
    }

    pub fn directory(&self) -> Option<&Path> {
        match self {
            Self::Directory(path) => Some(path),
            Self::Bucket(_) => None,
        }
    }

    /// Address of a file or folder below, as Lance takes it.
    pub fn uri(&self, below: &str) -> String {
        match self {
            Self::Directory(path) => path.join(below).to_string_lossy().into_owned(),
            Self::Bucket(uri) => format!("{uri}/{below}"),
        }
    }

    async fn object(&self, below: &str) -> Result<(Arc<ObjectStore>, ObjectPath)> {
        Ok(ObjectStore::from_uri(&self.uri(below)).await?)
    }

    /// The file's bytes, or `None` where there is none.
    pub async fn read(&self, below: &str) -> Result<Option<Vec<u8>>> {
        let (store, path) = self.object(below).await?;
        match store.inner.get(&path).await {
            Ok(found) => Ok(Some(found.bytes().await.map_err(lance::Error::from)?.to_vec())),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(lance::Error::from(error).into()),
        }
    }

    /// Writes the file unless it is there, in a directory for its owner only. Says whether it was written.
    pub async fn create(&self, below: &str, bytes: Vec<u8>) -> Result<bool> {
        if let Self::Directory(root) = self {
            crate::disk::make_private(root)?;
            return Ok(crate::disk::create_private(&root.join(below), &bytes)?);
        }
        let (store, path) = self.object(below).await?;
        let options = PutOptions { mode: PutMode::Create, ..Default::default() };
        match store.inner.put_opts(&path, bytes.into(), options).await {
            Ok(_) => Ok(true),
            Err(object_store::Error::AlreadyExists { .. } | object_store::Error::Precondition { .. }) => {
                Ok(false)
            }
            Err(error) => Err(lance::Error::from(error).into()),
        }
    }
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Directory(path) => path.display().fmt(f),
            Self::Bucket(uri) => f.write_str(uri),
        }
    }
}
