import Foundation
import Testing

/// A socket as systemd listens on: datagrams of text.
final class NoticeSocket {
    /// Where it is.
    let path: String
    private let descriptor: Int32

    /// Opens it.
    init(_ path: String) throws {
        self.path = path
        descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(path.utf8)
        let capacity = MemoryLayout.size(ofValue: address.sun_path)
        guard bytes.count < capacity else { throw Trouble("the path is too long: \(path)") }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        let size = socklen_t(MemoryLayout<sockaddr_un>.size)
        let code = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, size) }
        }
        guard code == 0 else { throw Trouble("bind: \(String(cString: strerror(errno)))") }
    }

    deinit { close(descriptor) }

    /// The next datagram.
    func receive(
        within seconds: Double = 120,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> String {
        var ready = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        let count = poll(&ready, 1, Int32(seconds * 1000))
        try #require(count == 1, "no notice came", sourceLocation: sourceLocation)
        var buffer = [UInt8](repeating: 0, count: 4096)
        let length = recv(descriptor, &buffer, buffer.count, 0)
        return String(decoding: buffer.prefix(max(0, length)), as: UTF8.self)
    }
}
