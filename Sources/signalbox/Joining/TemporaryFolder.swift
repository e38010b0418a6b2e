import Foundation

/// A folder for what is not meant to last.
struct TemporaryFolder {
    /// Where it is.
    let path: String

    /// Makes it: in memory if the system offers that, or where files are kept for a while.
    init(isKept: Bool = false) throws {
        let isShared = !isKept && access("/dev/shm", W_OK) == 0
        try self.init(below: isShared ? "/dev/shm" : NSTemporaryDirectory())
    }

    /// Makes it below another one, for measurements of the disk that this one lies on.
    init(below parent: String) throws {
        let parent = parent.hasSuffix("/") ? String(parent.dropLast()) : parent
        var template = Array((parent + "/signalbox-XXXXXX").utf8CString)
        let made = template.withUnsafeMutableBufferPointer { buffer -> String? in
            buffer.baseAddress.flatMap { mkdtemp($0) }.map { String(cString: $0) }
        }
        guard let made else {
            throw Complaint(.store, "no folder in \(parent): \(String(cString: strerror(errno)))")
        }
        path = made
    }

    /// Removes it with all that is in it.
    func remove() { try? FileManager.default.removeItem(atPath: path) }
}
