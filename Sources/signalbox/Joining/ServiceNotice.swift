import Foundation

/// Tells systemd how the service is doing (sd_notify), when it asked to be told.
enum ServiceNotice {
    /// Sends a line such as `READY=1` to the socket that `NOTIFY_SOCKET` names, if it names one.
    static func send(_ text: String) {
        guard let path = ProcessInfo.processInfo.environment["NOTIFY_SOCKET"], !path.isEmpty else {
            return
        }
        let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        var bytes = Array(path.utf8)
        let capacity = MemoryLayout.size(ofValue: address.sun_path)
        guard bytes.count < capacity else { return }
        // A name that begins with @ is in the abstract space, where the first byte is 0.
        if bytes.first == UInt8(ascii: "@") { bytes[0] = 0 }
        let isAbstract = bytes.first == 0
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        let length = MemoryLayout<sa_family_t>.size + bytes.count + (isAbstract ? 0 : 1)
        let message = Array(text.utf8)
        _ = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                sendto(descriptor, message, message.count, 0, generic, socklen_t(length))
            }
        }
    }
}
