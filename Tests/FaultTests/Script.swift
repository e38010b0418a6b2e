import CFaultyDisk
import Engine
import Model
import Store
import TestKit

/// A fault of the disk: how it shows, at which call, and whether it stays.
struct DiskFault: CustomStringConvertible, Sendable {
    enum Kind: String, CaseIterable, Sendable {
        case full, broken, busy

        var raw: faulty_disk_fault {
            switch self {
            case .full: FAULTY_DISK_FULL
            case .broken: FAULTY_DISK_BROKEN
            case .busy: FAULTY_DISK_BUSY
            }
        }
    }

    var kind: Kind
    var call: Int
    var isLasting: Bool

    var description: String { "\(kind) at call \(call)\(isLasting ? " and from then on" : "")" }
}

/// A few jobs of every shape on a store whose disk fails, and what people were told meanwhile.
struct Script {
    /// Files with this in their path are on the disk that can fail.
    static let mark = "faulty-disk"

    /// The jobs of which somebody was told that they are accepted.
    private(set) var accepted: [JobID] = []
    /// The stops of which somebody was told that they are recorded.
    private(set) var stopped: [JobID] = []
    /// How many calls the fault concerned.
    private(set) var calls = 0
    /// How often the engine could not write.
    private(set) var troubles = 0

    let temporary: TemporaryStore
    let backend = ScriptedBackend()
    private let bench: EngineBench

    static let kinds: [any JobKind] = [
        ScriptedKind(
            "plain",
            steps: [.doing("first", undo: "undo first"), .doing("second", undo: "undo second")],
            locks: [.exclusive("x")]
        ),
        ScriptedKind(
            "broken",
            steps: [.doing("first", undo: "undo first"), .doing("fail")],
            locks: [.exclusive("x")]
        ),
        ScriptedKind("parent", steps: [.children(["leaf", "leaf"]), .doing("end")]),
        ScriptedKind("leaf", steps: [.doing("leaf")]),
        ScriptedKind("stubborn", steps: [.doing("first", undo: "undo first"), .doing("hang")]),
    ]

    init() throws {
        _ = faulty_disk_install(Self.mark)
        temporary = try TemporaryStore(file: "\(Self.mark).sqlite", patience: 0, isHasty: true)
        backend.script("fail", .fails(.scripted("broken"), after: 50))
        backend.script("hang", .hangs)
        bench = try EngineBench(kinds: Self.kinds, store: temporary) { [backend] in backend }
    }

    /// Plays the script with that fault, or with none.
    mutating func play(_ fault: DiskFault?, counting kind: DiskFault.Kind) {
        faulty_disk_arm(
            (fault?.kind ?? kind).raw,
            fault?.call ?? -1,
            fault?.isLasting == true ? 1 : 0
        )
        for kind in ["plain", "broken", "parent", "stubborn"] {
            attempt { script in
                guard case .accepted(let id) = try script.submit(kind) else { return }
                script.accepted.append(id)
            }
            attempt { try $0.bench.run(for: 120) }
        }
        for id in accepted where (id.number % 2) == 0 {
            attempt { script in
                if case .accepted = try script.bench.request(.stop(.abort), id) {
                    script.stopped.append(id)
                }
            }
        }
        attempt { try $0.bench.run(for: 400) }
        calls = faulty_disk_heal()
    }

    private func submit(_ kind: String) throws -> RequestOutcome {
        try bench.submit(Submission(kind: kind, user: "ann"))
    }

    /// Does something; a store in trouble is counted, and the engine begins its next turn anew.
    private mutating func attempt(_ body: (inout Script) throws -> Void) {
        do { try body(&self) } catch { troubles += 1 }
    }

    /// Opens the store again and lets an engine on it come to rest.
    func recovered() throws -> EngineBench {
        try? temporary.store.close()
        let again = try TemporaryStore(reopening: temporary)
        let bench = try EngineBench(kinds: Self.kinds, seed: 2, store: again) { [backend] in
            backend
        }
        try bench.run(for: 3_600_000)
        // An abort that met an undo leaves the rest of it to a person.
        let undecided = try bench.store.read { try $0.jobs(in: [.needsOperator]) }
        for id in undecided { try bench.request(.resolve(.retry), id) }
        // What hangs and was not stopped hangs still.
        let hanging = try bench.store.read { try $0.jobs(in: [.running, .childRunning]) }
        for id in hanging { try bench.request(.stop(.abort), id) }
        try bench.run(for: 3_600_000)
        return bench
    }
}
