//! Patterns of paths: `*` and `?` within a name, `**` over names. Pure.

/// Whether a path is what a pattern says. A pattern without a slash is one of the last name of the path.
pub fn fits(pattern: &str, path: &str) -> bool {
    let path = path.trim_start_matches("./");
    if !pattern.contains('/') {
        let name = path.rsplit('/').next().unwrap_or(path);
        return names(&[pattern], &[name]);
    }
    let pattern: Vec<&str> = pattern.trim_start_matches("./").split('/').collect();
    let path: Vec<&str> = path.split('/').collect();
    // Where the repository lies does not matter, unless the pattern begins at the root.
    match pattern.first() {
        Some(&"") => names(&pattern, &path),
        _ => (0..path.len()).any(|from| names(&pattern, &path[from..])),
    }
}

/// Rows of whether the first so many names of the pattern fit the first so many of the path.
fn names(pattern: &[&str], path: &[&str]) -> bool {
    let mut fits = vec![false; path.len() + 1];
    fits[0] = true;
    for one in pattern {
        let mut next = vec![false; path.len() + 1];
        if *one == "**" {
            let mut any = false;
            for (at, fits) in fits.iter().enumerate() {
                any |= *fits;
                next[at] = any;
            }
        } else {
            for (at, name) in path.iter().enumerate() {
                next[at + 1] = fits[at] && chars(one, name);
            }
        }
        fits = next;
    }
    fits[path.len()]
}

/// One name, by going back to the last star: linear but for the stars.
fn chars(pattern: &str, name: &str) -> bool {
    let (pattern, name): (Vec<char>, Vec<char>) = (pattern.chars().collect(), name.chars().collect());
    let (mut at, mut of, mut star) = (0, 0, None);
    while of < name.len() {
        match pattern.get(at) {
            Some('*') => {
                star = Some((at, of));
                at += 1;
            }
            Some(one) if *one == '?' || *one == name[of] => {
                at += 1;
                of += 1;
            }
            _ => match star {
                Some((back, taken)) => {
                    at = back + 1;
                    of = taken + 1;
                    star = Some((back, taken + 1));
                }
                None => return false,
            },
        }
    }
    pattern[at..].iter().all(|one| *one == '*')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_of_paths() {
        for (pattern, path, expected) in [
            ("*.rs", "src/cart/total.rs", true),
            ("*.rs", "src/cart/total.rs.bak", false),
            ("src/*.rs", "src/lib.rs", true),
            ("src/*.rs", "src/cart/total.rs", false),
            ("src/**/*.rs", "src/cart/total.rs", true),
            ("src/**/*.rs", "src/lib.rs", true),
            ("src/**", "src/cart/total.rs", true),
            ("src/**", "other/lib.rs", false),
            ("cart/total.rs", "/home/ann/shop/cart/total.rs", true),
            ("/cart/total.rs", "/home/ann/shop/cart/total.rs", false),
            ("/home/**", "/home/ann/shop", true),
            ("t?tal.*", "./src/total.rs", true),
            ("t?tal.*", "ttal.rs", false),
            ("a*b*c", "axxbyyc", true),
            ("a*b*c", "axxbyy", false),
            ("**", "anything/at/all", true),
        ] {
            assert_eq!(fits(pattern, path), expected, "{pattern} {path}");
        }
        // What makes other matchers slow.
        let (pattern, name) = ("*a".repeat(60) + "b", "a".repeat(2_000));
        assert!(!fits(&pattern, &name));
    }
}
