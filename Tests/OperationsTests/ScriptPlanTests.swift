import Engine
import Foundation
import Model
import Operations
import Testing

/// What `script.run` plans, and what it refuses.
@Suite("An order to run a script")
struct ScriptPlanTests {
    private let kinds: KindRegistry

    init() {
        var plain = ScriptProgram("plain", path: "/bin/true")
        plain.undo = "other"
        plain.timeout = 60_000
        var closed = ScriptProgram("closed", path: "/bin/true")
        closed.takesArguments = false
        closed.variables = ["SIZE"]
        let catalog = ScriptCatalog([
            plain, closed, ScriptProgram("other", path: "/bin/false"),
            ScriptProgram("relative", path: "bin/true"),
            ScriptProgram("missing", path: "/no/such/file"),
            ScriptProgram("folder", path: "/bin"),
            ScriptProgram("text", path: "/etc/passwd"),
        ])
        kinds = KindRegistry(
            StandardKinds.all(hypervisor: SmallWorld.hypervisor(), scripts: catalog)
        )
    }

    private func plan(_ target: String, _ parameters: [String: String]) throws -> Plan {
        let order = Order(target: Target(target), parameters: parameters, user: "tester")
        return try kinds.plan(kind: "script.run", order)
    }

    private func refusal(_ parameters: [String: String]) -> String {
        do {
            _ = try plan("", parameters)
            return "accepted"
        } catch {
            return String(describing: error)
        }
    }

    @Test("is one step in the lane of scripts, under the lock of its target")
    func plans() throws {
        let plan = try plan("vm/web-1", ["program": "plain", "arguments": "-v 'a b' c\\ d \"\""])
        let step = try #require(plan.steps.first)
        guard case .operation(let operation) = step.work else {
            Issue.record("\(step.work)")
            return
        }
        #expect(plan.steps.count == 1)
        #expect(plan.locks == [.exclusive("vm/web-1")])
        #expect((operation.verb, operation.lane) == ("script.run", "scripts"))
        let words = operation.parameters["arguments", default: ""]
        let list = try JSONDecoder().decode([String].self, from: Data(words.utf8))
        #expect(list == ["-v", "a b", "c d", ""])
        #expect(step.isInterruptible)
        #expect(step.retry.attempts == 1)
    }

    @Test("names the undo of its program, which is told the results and gets the same variables")
    func undo() throws {
        let usual = try plan("", ["program": "plain", "env.SIZE": "4", "arguments": "x"])
        let undo = try #require(usual.steps.first?.undo)
        #expect(undo.verb == "script.undo")
        #expect(undo.parameters["program"] == "other")
        #expect(undo.parameters["env.SIZE"] == "4")
        #expect(undo.parameters["arguments"] == nil)
        #expect(undo.parameters[Operation.wantsResults] == "true")
        #expect(try plan("", ["program": "plain", "undo": "none"]).steps.first?.undo == nil)
        #expect(try plan("", ["program": "other"]).steps.first?.undo == nil)
    }

    @Test("holds its target as it is told")
    func locks() throws {
        let shared = ["program": "plain", "lock": "shared"]
        #expect(try plan("host/h1", shared).locks == [.shared("host/h1")])
        #expect(try plan("host/h1", ["program": "plain", "lock": "none"]).locks.isEmpty)
        #expect(try plan("", ["program": "plain"]).locks.isEmpty)
    }

    @Test(
        "is refused with the reason if its program may not be run",
        arguments: [
            ("nothing", "there is no script “nothing”"), ("plian", "did you mean plain?"),
            ("relative", "no absolute path"), ("missing", "No such file"), ("folder", "is no file"),
            ("text", "is not executable"), ("/bin/true", "there is no script “/bin/true”"),
        ]
    )
    func refusesProgram(program: String, reason: String) {
        #expect(refusal(["program": program]).contains(reason))
    }

    @Test("is refused if anybody may change its program, or put another one in its place")
    func refusesWritable() throws {
        let folder = NSTemporaryDirectory() + "/sbx-check-\(UUID().uuidString)"
        let files = FileManager.default
        try files.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? files.removeItem(atPath: folder) }
        let path = folder + "/a"
        try "#!/bin/sh\n".write(toFile: path, atomically: true, encoding: .utf8)
        chmod(path, 0o755)
        #expect(ProgramCheck.problem(with: path) == nil)
        chmod(path, 0o757)
        #expect(ProgramCheck.problem(with: path)?.contains("anybody may change") == true)
        chmod(path, 0o755)
        chmod(folder, 0o777)
        #expect(ProgramCheck.problem(with: path)?.contains("in its place") == true)
        chmod(folder, 0o755)
        try files.createSymbolicLink(atPath: folder + "/link", withDestinationPath: path)
        #expect(ProgramCheck.problem(with: folder + "/link") == nil)
    }

    @Test(
        "is refused if what it hands over is not understood, or could run something else",
        arguments: [
            (["arguments": "a \"b"], "a quote is opened"), (["arguments": "[1]"], "JSON list"),
            (["env": "SIZE=4"], "JSON object"), (["env.1A": "x"], "cannot be a variable"),
            (["env.": "x"], "no parameter “env.”"), (["env.LD_PRELOAD": "x"], "cannot be set"),
            (["env.PATH": "x"], "cannot be set"), (["secret.BASH_ENV": "x"], "cannot be set"),
            (["env.SIGNALBOX_JOB": "x"], "cannot be set"),
            (["directory": "tmp"], "absolute path"), (["directory": "/no/such"], "no folder"),
            (["timeout": "soon"], "must be a span"), (["timeout": "2m"], "at most 1m"),
            (["grace": "0s"], "must be a span"), (["attempts": "11"], "from 1 to 10"),
            (["lock": "shared"], "needs a target"), (["lock": "maybe"], "must be one of"),
            (["undo": "nothing"], "there is no script"), (["nonsense": "x"], "has no parameter"),
        ] as [([String: String], String)]
    )
    func refuses(parameters: [String: String], reason: String) {
        let text = refusal(parameters.merging(["program": "plain"]) { $1 })
        #expect(text.contains(reason), "\(text)")
    }

    @Test("is refused if its program takes no arguments, or not that variable")
    func closed() throws {
        #expect(refusal(["program": "closed", "arguments": "x"]).contains("takes no arguments"))
        #expect(refusal(["program": "closed", "env.NAME": "x"]).contains("it takes SIZE"))
        #expect(refusal(["program": "closed", "env.SIZE": "x"]) == "accepted")
    }

    @Test("shows no secret in its plan")
    func secrets() throws {
        let plan = try plan("", ["program": "plain", "secret.NAME": "hush-hush"])
        #expect(!RecordJSON.object(plan).text.contains("hush-hush"))
    }
}
