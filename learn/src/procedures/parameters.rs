//! What the parameters of a procedure are called: those of two steps the same only where they have the same values.

use super::flow::Passed;

/// Of the runs that gave both, the part in which two parameters have the same value for them to be one.
const SAME: f64 = 0.5;

/// A name for each parameter of each step: its own, or with a number where an earlier step's parameter of that name
/// has other values. `runs` have what was passed at each step, where they did it.
pub fn parameter_names(own: &[Vec<String>], runs: &[Vec<Option<Passed>>]) -> Vec<Vec<String>> {
    let mut names: Vec<Vec<String>> = vec![];
    for (step, parameters) in own.iter().enumerate() {
        let mut here: Vec<String> = vec![];
        for (parameter, name) in parameters.iter().enumerate() {
            let is_same = |candidate: &str| {
                let places = |(at, named): (usize, &Vec<String>)| {
                    Some((at, named.iter().position(|known| known == candidate)?))
                };
                let mut before = names.iter().enumerate().filter_map(places);
                before.all(|earlier| same(runs, earlier, (step, parameter)))
            };
            let is_other = |candidate: &String| {
                let mut others = parameters.iter().enumerate().filter(|(at, _)| *at != parameter);
                here.contains(candidate) || others.any(|(_, other)| other == candidate)
            };
            let candidates = std::iter::once(name.clone()).chain((2..).map(|n| format!("{name}_{n}")));
            let mut free = candidates.filter(|one| !is_other(one));
            here.push(free.find(|one| is_same(one)).expect("there are more numbers than parameters"));
        }
        names.push(here);
    }
    names
}

/// Whether two parameters, by step and number, are given the same values; so they are where no run tells.
fn same(runs: &[Vec<Option<Passed>>], a: (usize, usize), b: (usize, usize)) -> bool {
    let value = |run: &'_ Vec<Option<Passed>>, (step, parameter): (usize, usize)| {
        run[step].as_ref()?.value(parameter).map(str::to_owned)
    };
    let both: Vec<_> = runs.iter().filter_map(|run| Some((value(run, a)?, value(run, b)?))).collect();
    let equal = both.iter().filter(|(a, b)| a == b).count();
    both.is_empty() || equal as f64 > SAME * both.len() as f64
}

/// A text with other names between its braces.
pub fn renamed(text: &str, from: &[String], to: &[String]) -> String {
    let mut parts = text.split('{');
    let mut told = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let named = part.split_once('}').and_then(|(name, rest)| {
            let at = from.iter().position(|known| known == name)?;
            Some(format!("{{{}}}{rest}", to[at]))
        });
        told += &named.unwrap_or_else(|| format!("{{{part}"));
    }
    told
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_with_other_values_have_other_names() {
        let given = |values: &[&str]| {
            let given = values.iter().enumerate().map(|(at, value)| (at, (*value).to_owned())).collect();
            Some(Passed { given, output: vec![] })
        };
        let run = |file: &str, test: &str, branch: &str| {
            vec![given(&[file]), given(&[test]), None, given(&[branch, file]), given(&[test])]
        };
        let runs = [run("a.rs", "t/a", "fix/1"), run("b.rs", "t/b", "fix/2"), run("c.rs", "t/a", "fix/3")];
        let own = [&["path"][..], &["path"], &["path"], &["path", "file"], &["path"]];
        let own = own.map(|names| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>());
        let named = parameter_names(&own, &runs);
        let expected = [&["path"][..], &["path_2"], &["path"], &["path_3", "file"], &["path_2"]];
        assert_eq!(
            named,
            expected.map(|names| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>())
        );
        assert_eq!(renamed("cp {path} {file} {x", &own[3], &named[3]), "cp {path_3} {file} {x");
    }
}
