import Foundation
import Model
import Store
import Testing

/// The stores that must all behave the same.
enum StoreKind: String, CaseIterable, CustomTestStringConvertible {
    case memory, file

    var testDescription: String { rawValue }

    /// An empty store.
    func make() throws -> TestStore {
        switch self {
        case .memory: return TestStore(store: try SQLiteStore(), folder: nil)
        case .file:
            let folder = try Folder()
            return TestStore(store: try SQLiteStore(path: folder.file("a.sqlite")), folder: folder)
        }
    }
}

/// An empty store of any kind, with the directory that is removed after it.
struct TestStore: JobStore {
    let store: any JobStore
    let folder: Folder?

    func write<R>(
        as epoch: Int64?,
        _ body: (any StoreTransaction) throws -> R
    ) throws -> R { try store.write(as: epoch, body) }

    func read<R>(_ body: (any StoreReader) throws -> R) throws -> R { try store.read(body) }
}

/// A directory for one test; removed at its end.
final class Folder: Sendable {
    let path: String

    init() throws {
        path = NSTemporaryDirectory() + "store-test-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// A file in it.
    func file(_ name: String) -> String { path + "/" + name }
}

/// The moment at which tests begin.
let start = Timestamp(milliseconds: 1_780_000_000_000)

/// A job with a number and what else a test cares for.
func job(_ number: Int64, _ change: (inout Job) -> Void = { _ in }) -> Job {
    let tail = String(number, radix: 16)
    var job = Job(
        id: JobID(number),
        uuid: "0190a1b2-c3d4-7000-8000-" + String(repeating: "0", count: 12 - tail.count) + tail,
        kind: "vm.start",
        target: Target(type: "vm", name: "web-\(number)"),
        user: "alice",
        createdAt: start + number
    )
    change(&job)
    return job
}

/// A job as the store holds it.
func stored(_ number: Int64, _ change: (inout StoredJob) -> Void = { _ in }) -> StoredJob {
    var stored = StoredJob(job: job(number))
    change(&stored)
    return stored
}

extension JobStore {
    /// Writes without an owner.
    @discardableResult
    func write<R>(_ body: (any StoreTransaction) throws -> R) throws -> R {
        try write(as: nil, body)
    }

    /// Inserts jobs that were made by no step.
    func insert(_ jobs: [StoredJob]) throws { try write { try $0.insert(jobs, ofStep: nil) } }
}

/// Chance that is the same for the same seed.
struct Seeded: RandomNumberGenerator {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }

    /// One of several things, of which there is at least one.
    mutating func pick<Thing>(_ things: [Thing]) -> Thing {
        things[Int.random(in: things.indices, using: &self)]
    }

    mutating func next() -> UInt64 {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return state &* 0x2545_F491_4F6C_DD1D
    }
}
