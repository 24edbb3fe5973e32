//! Where a hook may post: web addresses, and never what only this machine's own network answers as this machine.
//!
//! Addresses of one link, such as those of a cloud's metadata service, hand out credentials to whoever asks from here.
//! Names are resolved by a resolver that leaves such addresses out, at each call anew, so that a name cannot come to
//! mean one later. Loopback and private networks are let through: an admin registered them, and that is where
//! agents' own services are.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use athena_schemas::Error;
use reqwest::Url;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};

/// Bytes of the longest address.
const MOST_BYTES: usize = 2_000;

/// Metadata services that do not stand in a network of one link.
const METADATA: [IpAddr; 3] = [
    IpAddr::V4(Ipv4Addr::new(100, 100, 100, 200)),
    IpAddr::V4(Ipv4Addr::new(192, 0, 0, 192)),
    IpAddr::V6(Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254)),
];

/// # Errors
/// What a hook may not post to.
pub fn checked(argument: &str, url: &str) -> Result<Url, Error> {
    let wrong = |why: String| Error::invalid(argument, why).hint("such as https://example.org/hook");
    if url.len() > MOST_BYTES {
        return Err(wrong(format!("{} bytes, at most {MOST_BYTES}", url.len())));
    }
    let url = Url::parse(url).map_err(|error| wrong(format!("not an address: {error}")))?;
    if !["http", "https"].contains(&url.scheme()) {
        return Err(wrong(format!("{} is neither http nor https", url.scheme())));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(wrong("an address with a password in it would be shown to others".into()));
    }
    match literal(&url) {
        Some(address) if is_refused(address) => Err(wrong(format!("{address} must not be posted to"))),
        _ => Ok(url),
    }
}

/// The host, if it is written as a number.
fn literal(url: &Url) -> Option<IpAddr> {
    let host = url.host_str()?;
    host.trim_start_matches('[').trim_end_matches(']').parse().ok()
}

pub fn is_refused(address: IpAddr) -> bool {
    let address = address.to_canonical();
    METADATA.contains(&address)
        || match address {
            IpAddr::V4(four) => {
                four.is_link_local() || four.is_unspecified() || four.is_multicast() || four.is_broadcast()
            }
            IpAddr::V6(six) => {
                let translated = (six.segments()[..6] == [0x64, 0xff9b, 0, 0, 0, 0])
                    .then(|| Ipv4Addr::from_bits(six.to_bits() as u32));
                six.is_unicast_link_local()
                    || six.is_unspecified()
                    || six.is_multicast()
                    || translated.is_some_and(|four| is_refused(four.into()))
            }
        }
}

/// Resolves names as the system does, without what must not be posted to.
pub struct Resolver;

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let all = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let allowed: Vec<_> = all.filter(|address| !is_refused(address.ip())).collect();
            if allowed.is_empty() {
                return Err(format!("{} has no address that may be posted to", name.as_str()).into());
            }
            Ok(Box::new(allowed.into_iter()) as Addrs)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn web_addresses_only() {
        for url in
            ["http://127.0.0.1:80/x", "https://example.org/hook?a=b", "http://10.0.0.7/", "http://[::1]/"]
        {
            assert!(checked("url", url).is_ok(), "{url}");
        }
        for url in [
            "ftp://example.org/",
            "file:///etc/passwd",
            "example.org",
            "https://ann:secret@example.org/",
            "http://169.254.169.254/latest/meta-data",
            "http://2852039166/",
            "http://0xa9fea9fe/",
            "http://[::ffff:169.254.169.254]/",
            "http://[64:ff9b::a9fe:a9fe]/",
            "http://[fe80::1]/",
            "http://[fd00:ec2::254]/",
            "http://0.0.0.0/",
            "http://100.100.100.200/",
        ] {
            assert_eq!(checked("url", url).unwrap_err().field.as_deref(), Some("url"), "{url}");
        }
    }

    #[tokio::test]
    async fn names_mean_only_what_may_be_posted_to() {
        let resolve = async |name: &str| Resolver.resolve(name.parse().unwrap()).await.map(Iterator::count);
        assert!(resolve("localhost").await.is_ok_and(|found| found > 0));
        assert!(resolve("169.254.169.254").await.is_err());
    }
}
