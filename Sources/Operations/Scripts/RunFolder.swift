import Foundation
import Glibc

/// The folder of one run: what it was told, that it has begun, what it says, what became of it.
///
/// Each file is written by one process only: the engine writes the order, the stop and how far it
/// has read; the guard writes all others.
struct RunFolder: Hashable, Sendable {
    /// Where it is.
    let path: String

    /// The order; written before the guard is started.
    var order: String { path + "/order.json" }
    /// The beginning; written before the program is started.
    var beginning: String { path + "/begun.json" }
    /// What the run says, as the guard has understood it.
    var output: String { path + "/output" }
    /// The end.
    var end: String { path + "/end.json" }
    /// Is there once the run is to be stopped.
    var stop: String { path + "/stop" }
    /// Locked by the guard as long as it lives; closing it is what tells of its death.
    var life: String { path + "/alive" }
    /// How many bytes of the output the engine has taken for good.
    var offset: String { path + "/offset" }
    /// The fence, if it is newer than the order's.
    var fence: String { path + "/fence" }
    /// A folder for the program's own files, gone after it.
    var scratch: String { path + "/scratch" }

    /// The variable by which every process of a run can be recognised.
    var mark: String { "SIGNALBOX_RUN=" + path }

    /// Whether a file of it is there.
    func has(_ file: String) -> Bool { access(file, F_OK) == 0 }

    /// What a JSON file of it says; nil if it is not there or cannot be read.
    func read<Value: Decodable>(_ type: Value.Type, from file: String) -> Value? {
        guard let data = FileManager.default.contents(atPath: file) else { return nil }
        return try? JSONDecoder().decode(type, from: data)
    }

    /// A number that a file of it holds.
    func number(in file: String) -> Int64? {
        guard let data = FileManager.default.contents(atPath: file) else { return nil }
        return Int64(String(decoding: data, as: UTF8.self))
    }

    /// Writes a file of it so that after a power cut it is whole or not there.
    func write(_ value: some Encodable, to file: String) throws {
        try DurableFile.write(try JSONEncoder().encode(value), to: file)
    }

    /// Whether a guard is alive.
    var isGuarded: Bool {
        let file = open(life, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return false }
        defer { Glibc.close(file) }
        guard flock(file, LOCK_SH | LOCK_NB) == 0 else { return errno == EWOULDBLOCK }
        return false
    }
}

/// Files that survive a power cut.
enum DurableFile {
    /// Replaces a file as a whole.
    static func write(_ data: Data, to path: String) throws(FileTrouble) {
        let new = path + ".new"
        let file = open(new, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw FileTrouble("write \(path)") }
        let count = data.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
        let isSafe = count == data.count && fsync(file) == 0
        let problem = FileTrouble("write \(path)")
        Glibc.close(file)
        guard isSafe, rename(new, path) == 0 else {
            unlink(new)
            throw problem
        }
        syncFolder(of: path)
    }

    /// Makes names in a folder durable.
    static func syncFolder(of path: String) {
        let slash = path.lastIndex(of: "/") ?? path.startIndex
        let folder = open(String(path[..<slash]), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else { return }
        fsync(folder)
        Glibc.close(folder)
    }
}

/// Why a file could not be used.
package struct FileTrouble: Error, CustomStringConvertible {
    /// What was tried, and what the system says.
    package let description: String

    /// Takes what the system said last.
    init(_ action: String) { description = "\(action): \(String(cString: strerror(errno)))" }

    /// A trouble in words.
    init(text: String) { description = text }
}
