//! Which project is meant, and whether the caller may use it.
//!
//! | named in the request | token's only project | `Athena-Project` | server's `ATHENA_PROJECT` | used         |
//! |----------------------|----------------------|------------------|---------------------------|--------------|
//! | yes                  |                      |                  |                           | that one     |
//! | no                   | yes                  |                  |                           | the token's  |
//! | no                   | no                   | yes              |                           | the header's |
//! | no                   | no                   | no               | yes                       | the server's |
//! | no                   | no                   | no               | no                        | `default`    |
//!
//! The header is what a client found out about where it stands: its own `ATHENA_PROJECT` or git remote.
//! Whichever it is, a token must name it. `/v1/sql` alone takes all projects that the caller may see when
//! the request names none.

use athena_schemas::vocabulary::DEFAULT_PROJECT;
use athena_schemas::{Code, Error};
use athena_store::Scope;

use super::{Caller, Identity, Role};

/// The longest name of a project, in bytes.
const NAME_BYTES: usize = 512;

impl Caller {
    /// The project to write to, or to read where one is needed.
    ///
    /// # Errors
    /// `permission_denied`, whether the project exists or not.
    pub fn project(&self, named: Option<&str>) -> Result<String, Error> {
        let named = named.filter(|name| !name.is_empty());
        let project = named
            .or_else(|| self.identity.only_project())
            .or(self.project.as_deref())
            .unwrap_or(DEFAULT_PROJECT);
        self.identity.must_see(project)?;
        Ok(project.to_owned())
    }

    /// The projects to read.
    ///
    /// # Errors
    /// As `project`.
    pub fn projects(&self, named: Option<&str>, more: &[String]) -> Result<Vec<String>, Error> {
        match self.named(named, more)? {
            Some(projects) => Ok(projects),
            None => Ok(vec![self.project(None)?]),
        }
    }

    /// What SQL sees: the projects named, else all that the caller may see.
    ///
    /// # Errors
    /// As `project`.
    pub fn scope(&self, named: Option<&str>, more: &[String]) -> Result<Scope, Error> {
        Ok(match self.named(named, more)? {
            Some(projects) => Scope::Projects(projects),
            None if self.identity.sees_all() => Scope::All,
            None => Scope::Projects(self.identity.projects.clone()),
        })
    }

    fn named(&self, named: Option<&str>, more: &[String]) -> Result<Option<Vec<String>>, Error> {
        let mut projects: Vec<String> = Vec::new();
        for project in named.into_iter().chain(more.iter().map(String::as_str)) {
            if !project.is_empty() && !projects.iter().any(|one| one == project) {
                self.identity.must_see(project)?;
                projects.push(project.to_owned());
            }
        }
        Ok(Some(projects).filter(|projects| !projects.is_empty()))
    }
}

impl Identity {
    /// Whether it sees every project, and rows of none.
    pub fn sees_all(&self) -> bool {
        self.projects.is_empty() && self.role == Role::Admin
    }

    /// # Errors
    /// `permission_denied` for who may not see all projects; `what` says why one must.
    pub fn must_see_all(&self, what: &str) -> Result<(), Error> {
        match self.sees_all() {
            true => Ok(()),
            false => Err(Error::new(Code::PermissionDenied, what).hint("ask with an admin's token")),
        }
    }

    /// # Errors
    /// `permission_denied`; `invalid_argument` for what is too long to be a name.
    pub fn must_see(&self, project: &str) -> Result<(), Error> {
        if project.len() > NAME_BYTES {
            return Err(Error::invalid(
                "project",
                format!("a project's name has at most {NAME_BYTES} bytes"),
            ));
        }
        if self.sees(project) {
            return Ok(());
        }
        let error = Error::new(Code::PermissionDenied, "this token may not use that project");
        Err(Error { field: Some("project".into()), ..error }.hint("name a project that the token is for"))
    }
}

#[cfg(test)]
mod tests {
    use athena_schemas::vocabulary::Origin;

    use super::*;

    fn caller(projects: &[&str], stands_in: Option<&str>) -> Caller {
        let role = if projects.is_empty() { Role::Admin } else { Role::Write };
        let projects = projects.iter().map(|name| (*name).to_owned()).collect();
        Caller {
            identity: Identity { name: "t".into(), role, projects, sensitive: false },
            origin: Origin::Http,
            project: stands_in.map(str::to_owned),
        }
    }

    #[test]
    fn the_table() {
        type Case<'a> = (Option<&'a str>, &'a [&'a str], Option<&'a str>, Result<&'a str, ()>);
        let cases: [Case<'_>; 10] = [
            (Some("a"), &[], Some("h"), Ok("a")),
            (Some("a"), &["a", "b"], Some("b"), Ok("a")),
            (Some("c"), &["a", "b"], None, Err(())),
            (Some(""), &["a"], Some("h"), Ok("a")),
            (None, &["a"], Some("h"), Ok("a")),
            (None, &["a", "b"], Some("b"), Ok("b")),
            (None, &["a", "b"], Some("h"), Err(())),
            (None, &[], Some("h"), Ok("h")),
            (None, &[], None, Ok("default")),
            (None, &["a", "b"], None, Err(())),
        ];
        for (named, token, stands_in, expected) in cases {
            let used = caller(token, stands_in).project(named);
            assert_eq!(used.as_deref().map_err(|_| ()), expected, "{named:?} {token:?} {stands_in:?}");
            if let Err(error) = used {
                assert_eq!(error.code, Code::PermissionDenied);
                assert!(!error.to_string().contains("exist"));
            }
        }
    }

    #[test]
    fn sql_sees_what_is_named_or_all_that_may_be_seen() {
        let list = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        let admin = caller(&[], Some("h"));
        assert_eq!(admin.scope(None, &[]).unwrap(), Scope::All);
        assert_eq!(admin.scope(Some("a"), &list(&["b", "a"])).unwrap(), Scope::Projects(list(&["a", "b"])));
        let limited = caller(&["a", "b"], Some("a"));
        assert_eq!(limited.scope(None, &[]).unwrap(), Scope::Projects(list(&["a", "b"])));
        assert!(limited.scope(None, &list(&["a", "c"])).is_err());
        assert_eq!(limited.projects(None, &[]).unwrap(), list(&["a"]));
    }

    #[test]
    fn nobody_is_everybody() {
        let nobody = Identity { name: "t".into(), role: Role::Write, projects: vec![], sensitive: false };
        assert!(!nobody.sees_all() && nobody.must_see("a").is_err());
    }
}
