//! The stream to a mail server: what comes between two of our own words is bounded, so that no server fills the memory.

use lettre::transport::smtp::client::AsyncTokioStream;
use std::io::{Error, ErrorKind, Result};
use std::net::SocketAddr;
use std::pin::Pin;
use std::task::{Context, Poll};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// Bytes of one answer at most; RFC 5321 (4.5.3.1.5) has 512 for a line.
const ANSWER: usize = 64 * 1024;

/// A stream with its bound.
#[derive(Debug)]
pub struct Guarded<S> {
    stream: S,
    peer: SocketAddr,
    /// What is read before the stream's own bytes.
    first: &'static [u8],
    got: usize,
}

impl<S> Guarded<S> {
    /// `first` is read before anything that the stream gives.
    pub fn new(stream: S, peer: SocketAddr, first: &'static [u8]) -> Self {
        Self { stream, peer, first, got: 0 }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Guarded<S> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<Result<()>> {
        if !self.first.is_empty() {
            let (now, later) = self.first.split_at(self.first.len().min(buf.remaining()));
            buf.put_slice(now);
            self.first = later;
            return Poll::Ready(Ok(()));
        }
        let before = buf.filled().len();
        let polled = Pin::new(&mut self.stream).poll_read(cx, buf);
        self.got += buf.filled().len() - before;
        if self.got > ANSWER {
            return Poll::Ready(Err(Error::new(ErrorKind::InvalidData, "the server's answer has no end")));
        }
        polled
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Guarded<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<Result<usize>> {
        self.got = 0;
        Pin::new(&mut self.stream).poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

impl<S: AsyncRead + AsyncWrite + Send + Sync + Unpin + std::fmt::Debug> AsyncTokioStream for Guarded<S> {
    fn peer_addr(&self) -> Result<SocketAddr> {
        Ok(self.peer)
    }
}
