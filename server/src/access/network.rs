//! Where a call comes from.

use crate::mutant::off;
use std::net::{IpAddr, Ipv6Addr};

use tonic::{
    Extensions,
    transport::server::{TcpConnectInfo, TlsConnectInfo},
};

/// The address at the other end of the connection, as the transport saw it; what a header says of others is not
/// believed. `None` for a call that came over no network.
pub(crate) fn network_of(extensions: &Extensions) -> Option<IpAddr> {
    let plain = extensions.get::<TcpConnectInfo>();
    let tls = extensions.get::<TlsConnectInfo<TcpConnectInfo>>();
    let info = plain.or_else(|| tls.map(TlsConnectInfo::get_ref))?;
    Some(info.remote_addr()?.ip().to_canonical())
}

/// What counts as one network: an address, and of IPv6 the half of it that names a subscriber, who is free to choose the
/// other half anew for every call.
pub(super) fn subscriber(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(_) if off("throttle-subscriber") => address,
        IpAddr::V6(v6) => {
            let [a, b, c, d, ..] = v6.segments();
            IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from(address: &str) -> Extensions {
        let mut extensions = Extensions::new();
        extensions.insert(TcpConnectInfo {
            local_addr: None,
            remote_addr: Some(address.parse().unwrap()),
        });
        extensions
    }

    // Seen failing without `to_canonical`: one machine counted twice on a socket of both kinds.
    #[test]
    fn the_network_is_what_the_transport_saw() {
        assert_eq!(network_of(&Extensions::new()), None);
        let of = |address| network_of(&from(address)).unwrap().to_string();
        assert_eq!(of("192.0.2.7:50000"), "192.0.2.7");
        assert_eq!(of("[::ffff:192.0.2.7]:50000"), "192.0.2.7");
        assert_eq!(of("[2001:db8:1:2:3:4:5:6]:50000"), "2001:db8:1:2:3:4:5:6");
    }

    // Seen failing with the whole address taken.
    #[test]
    fn a_subscriber_of_ipv6_is_one_network() {
        let of = |address: &str| subscriber(address.parse().unwrap());
        assert_eq!(of("2001:db8:1:2::1"), of("2001:db8:1:2:ffff::9"));
        assert_ne!(of("2001:db8:1:2::1"), of("2001:db8:1:3::1"));
        assert_ne!(of("192.0.2.7"), of("192.0.2.8"));
    }
}
