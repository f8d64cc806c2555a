//! Who may hold how many connections: one address that opens them by the hundred must not close the door for others.

use axum_server::accept::Accept;
use std::collections::HashMap;
use std::io;
use std::net::IpAddr;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

/// Connections that one address may hold; a browser holds six, an office behind one address some dozens.
const MOST_OF_ONE: usize = 200;

/// Counts connections by address. The proxy in front holds those of everybody and is not counted.
#[derive(Clone, Default)]
pub struct Connections {
    held: Arc<Mutex<HashMap<IpAddr, usize>>>,
    proxy: Option<IpAddr>,
}

impl Connections {
    #[must_use]
    pub fn new(proxy: Option<IpAddr>) -> Self {
        Self { held: Arc::default(), proxy }
    }

    /// Takes a place for an address; none where it holds too many.
    fn enter(&self, ip: IpAddr) -> Option<Place> {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let count = held.entry(ip).or_default();
        if *count >= MOST_OF_ONE && self.proxy != Some(ip) {
            return None;
        }
        *count += 1;
        Some(Place { ip, held: self.held.clone() })
    }
}

/// A counted connection; it is given back where this ends.
struct Place {
    ip: IpAddr,
    held: Arc<Mutex<HashMap<IpAddr, usize>>>,
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = held.get_mut(&self.ip) {
            *count -= 1;
            if *count == 0 {
                held.remove(&self.ip);
            }
        }
    }
}

impl<S> Accept<TcpStream, S> for Connections {
    type Stream = Held;
    type Service = S;
    type Future = std::future::Ready<io::Result<(Held, S)>>;

    fn accept(&self, stream: TcpStream, service: S) -> Self::Future {
        let taken = || {
            // A streamed file goes out in parts: none waits for the browser's word on the one before.
            stream.set_nodelay(true)?;
            let ip = stream.peer_addr()?.ip();
            self.enter(ip).ok_or_else(|| io::Error::other("this address holds too many connections"))
        };
        std::future::ready(taken().map(|place| (Held { stream, _place: place }, service)))
    }
}

/// A connection with its place.
pub struct Held {
    stream: TcpStream,
    _place: Place,
}

impl AsyncRead for Held {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buf)
    }
}

impl AsyncWrite for Held {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(cx, bufs)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_address_leaves_places_for_others_and_the_proxy_is_not_counted() {
        let (one, other): (IpAddr, IpAddr) = ("192.0.2.1".parse().unwrap(), "192.0.2.2".parse().unwrap());
        let door = Connections::new(Some("192.0.2.9".parse().unwrap()));
        let places: Vec<_> = (0..MOST_OF_ONE).map(|_| door.enter(one).unwrap()).collect();
        assert!(door.enter(one).is_none());
        let its = door.enter(other);
        assert!(its.is_some());
        drop(places);
        assert!(door.enter(one).is_some(), "a place is given back");
        let all: Vec<_> = (0..1000).map(|_| door.enter("192.0.2.9".parse().unwrap())).collect();
        assert!(all.iter().all(Option::is_some));
    }
}
