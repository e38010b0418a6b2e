import Engine
import Foundation
import Model
import Store
import TestKit
import Testing

@Suite("Secrets")
struct SecretTests {
    private static let secret = "hunter2-Zx9"

    /// A kind that hands its secrets to the backend, within a longer text, and to its child.
    private static let kinds: [any JobKind] = [
        ScriptedKind("login", parameters: ["password", "size"], secrets: ["pin"]) { order in
            let parameters = ["auth": "root:" + (order.parameters["password"] ?? "none")]
            let own = Operation("set", on: "vm/a", lane: Operation.controlLane)
            var work = own
            work.parameters = parameters
            var undo = Operation("unset", on: "vm/a", lane: Operation.controlLane)
            undo.parameters = parameters
            var child = ChildSpec("child", .none)
            child.parameters = ["pin": order.parameters["pin"] ?? ""]
            return Plan(
                summary: "Log in",
                steps: [
                    Step("set", .operation(work), undo: undo),
                    Step("below", .children(Children([child]))),
                ]
            )
        },
        ScriptedKind("child", parameters: ["pin"]) { order in
            var work = Operation("type", on: "vm/a", lane: Operation.controlLane)
            work.parameters = order.parameters
            return Plan(summary: "Type", steps: [Step("type", .operation(work))])
        },
    ]

    private static func parameters(_ backend: ScriptedBackend, _ verb: String) -> [String: String]?
    {
        for case .begin(let call) in backend.calls where call.operation.verb == verb {
            return call.operation.parameters
        }
        return nil
    }

    private static func submit(_ bench: EngineBench) throws -> JobID {
        try bench.submit("login") {
            $0.parameters = ["password": secret, "pin": "4711-" + secret, "size": "3"]
        }
    }

    @Test("the backend gets them, within texts and in children, and nobody else")
    func opened() throws {
        let backend = ScriptedBackend()
        backend.script("type", .hangs)
        let bench = try EngineBench(backend, kinds: Self.kinds)

        let id = try Self.submit(bench)
        try bench.run(for: 1000)

        #expect(Self.parameters(backend, "set") == ["auth": "root:" + Self.secret])
        #expect(Self.parameters(backend, "type") == ["pin": "4711-" + Self.secret])
        let stored = try bench.stored(id)
        let marks = ["password": "<secret:password>", "pin": "<secret:pin>", "size": "3"]
        #expect(stored.extra.parameters == marks)
        let detail = try bench.store.read { try $0.detail(id, logLimit: 100) }
        #expect(!"\(detail as Any)".contains(Self.secret))
    }

    @Test(
        "what looks like a secret within another parameter is taken out of it alone",
        arguments: [
            ("https://bob:\(secret)@boot/ipxe", "https://bob:<secret:text>@boot/ipxe"),
            ("-v --password \(secret) disk", "-v --password <secret:text> disk"),
            (#"{"apiKey": "\#(secret)", "n": 1}"#, #"{"apiKey": "<secret:text>", "n": 1}"#),
            (
                "token=\(secret) pwd=\(secret)2",
                "token=<secret:text> pwd=<secret:text#2>"
            ),
            ("Authorization: Bearer \(secret)", "Authorization: <secret:text>"),
        ]
    )
    func within(_ given: String, _ kept: String) throws {
        let backend = ScriptedBackend()
        backend.script("say", .hangs)
        let kind = ScriptedKind("say", parameters: ["text"]) { order in
            var work = Operation("say", on: "vm/a", lane: Operation.controlLane)
            work.parameters = order.parameters
            return Plan(summary: "Say", steps: [Step("say", .operation(work))])
        }
        let bench = try EngineBench(backend, kinds: [kind])

        let id = try bench.submit("say") { $0.parameters = ["text": given] }
        try bench.run(for: 1000)

        #expect(Self.parameters(backend, "say") == ["text": given])
        #expect(try bench.stored(id).extra.parameters == ["text": kept])
        let detail = try bench.store.read { try $0.detail(id, logLimit: 100) }
        #expect(!"\(detail as Any)".contains(Self.secret))
    }

    @Test("an engine that takes over has them, and a tree that ended has not")
    func takenOver() throws {
        let backend = ScriptedBackend()
        let bench = try EngineBench(backend, kinds: Self.kinds)
        let id = try Self.submit(bench)
        let uuid = try bench.job(id).uuid
        try bench.takeOver()
        #expect(try bench.store.read { try $0.secrets(of: uuid).count } == 2)

        try bench.run(for: 5000)

        #expect(try bench.job(id).state == .completed)
        #expect(Self.parameters(backend, "type") == ["pin": "4711-" + Self.secret])
        #expect(try bench.store.read { try $0.secrets(of: uuid) } == [:])
        let outcome = try bench.request(.retry, id)
        guard case .refused(let why) = outcome else {
            Issue.record("\(outcome)")
            return
        }
        #expect(why.contains("password, pin") && why.contains("submit it anew"))
    }

    @Test("what the backend says is kept without them")
    func echoed() throws {
        let backend = ScriptedBackend()
        backend.script("set", .fails(.scripted("no login with \(Self.secret) here"), after: 10))
        let bench = try EngineBench(backend, kinds: Self.kinds)

        let id = try Self.submit(bench)
        try bench.run(for: 5000)

        #expect(try bench.job(id).message.contains("no login with ******** here"))
        #expect(!(try bench.log(id).joined().contains(Self.secret)))
    }

    @Test(
        "passwords never appear in rows, logs or exports: not a byte of the store's files has them"
    )
    func raw() throws {
        let folder = NSTemporaryDirectory() + "secret-test-" + UUID().uuidString
        try FileManager.default.createDirectory(
            atPath: folder,
            withIntermediateDirectories: true
        )
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let store = try SQLiteStore(path: folder + "/a.sqlite")
        let backend = ScriptedBackend()
        backend.script("set", .hangs)
        let line = LossyBackend(backend)
        let settings = EngineSettings(process: 1, machine: "m", bootID: "b", seed: 1)
        let kinds = KindRegistry(Self.kinds)
        let clock = ManualClock()
        let engine = try Engine(
            store: store,
            kinds: kinds,
            backend: line,
            settings: settings,
            at: clock.now()
        )
        func found(_ needle: String) throws -> [String] {
            try FileManager.default.contentsOfDirectory(atPath: folder).filter { name in
                guard name.hasPrefix("a.sqlite"), !name.hasSuffix(".secrets") else { return false }
                let bytes = try Data(contentsOf: URL(filePath: folder + "/" + name))
                return bytes.range(of: Data(needle.utf8)) != nil
            }
        }
        var submission = Submission(kind: "login", user: "ann")
        submission.parameters = ["password": Self.secret, "pin": Self.secret]
        var inbox = Inbox()
        let reply: RequestReply = { _ in }
        inbox.submissions = [(submission, reply)]
        try engine.turn(inbox, at: clock.now())
        #expect(try found("ann").isEmpty == false)
        #expect(try found(Self.secret) == [])
        let vault = try FileManager.default.contentsOfDirectory(
            atPath: folder + "/a.sqlite.secrets"
        )
        #expect(vault.count == 1)

        var stop = Inbox()
        let reason = "token=\(Self.secret) at https://ann:\(Self.secret)@nas"
        stop.requests = [
            (OperatorRequest(.stop(.abort), job: JobID(1), by: "ann", reason: reason), reply)
        ]
        try engine.turn(stop, at: clock.now())
        for _ in 0..<200 {
            guard let next = engine.nextTurn(after: clock.now()) else { break }
            clock.advance(to: max(next, clock.now()))
            try engine.turn(Inbox(), at: clock.now())
        }
        #expect(try store.read { try $0.counts().unfinished } == 0)
        #expect(try found("https://ann:") != [])
        #expect(try found(Self.secret) == [])
        let left = try FileManager.default.contentsOfDirectory(atPath: folder + "/a.sqlite.secrets")
        #expect(left == [])
    }

    @Test("a job whose secrets are not there fails and says so; nothing is begun with a stand-in")
    func missing() throws {
        let backend = ScriptedBackend(slotsPerLane: 1)
        backend.script("type", .hangs)
        let bench = try EngineBench(backend, kinds: Self.kinds)
        try bench.submit("child")
        try bench.run(for: 100)
        let id = try Self.submit(bench)
        let uuid = try bench.job(id).uuid
        try bench.store.write(as: nil) { $0.forgetSecrets(of: uuid) }
        try bench.request(.stop(.abort), JobID(1))
        try bench.run(for: 5000)

        #expect(try bench.job(id).state == .failed)
        #expect(try bench.job(id).message.contains("submit it anew"))
        #expect(Self.parameters(backend, "set") == nil)
    }
}
