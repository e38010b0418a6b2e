import Foundation
import Testing

extension EndToEnd {
    @Suite("Orders that belong together")
    struct Orders {
        private let box: Sandbox

        init() throws {
            box = try Sandbox()
            try box.stage()
        }

        @Test("fail, are skipped or run if what they come after does not complete")
        func afterFailure() throws {
            let bad = try box.submit("vm.start", "bad-1")
            let policies = ["fail", "skip", "run"]
            let jobs = try policies.map {
                try box.submit("noop", "--after", "\(bad)", "--after-failure", $0)
            }
            let engine = try box.serve()

            let codes = try jobs.map { try box.run("job", "wait", "\($0)").code }

            #expect(codes == [1, 2, 0])
            #expect(try box.job(jobs[1]).cause == "dependencyFailed")
            let why = try box.done("job", "why", "\(jobs[1])").output
            #expect(why.contains("skipped: job-\(bad) (vm.start vm/bad-1)"), "\(why)")
            let wrong = try box.run("submit", "noop", "--after-failure", "cry")
            #expect(wrong.code == 64, "\(wrong)")
            #expect(engine.isAlive)
        }

        @Test("name each other in show, tree and why")
        func links() throws {
            let first = try box.submit("noop", "--at", "1h")
            let second = try box.submit("noop", "--after", "\(first)")
            let engine = try box.serve()
            _ = try eventually("it says what it waits for") {
                try box.job(second).waiting?.on == "job-\(first) (noop)" ? true : nil
            }

            let why = try box.done("job", "why", "\(second)").output
            #expect(why.contains("waits for job-\(first) (noop)"), "\(why)")
            let after = try box.done("job", "show", "\(second)").output
            #expect(after.contains("job-\(first) (noop) Pending"), "\(after)")
            let tree = try box.done("job", "tree", "\(first)").output
            #expect(tree.contains("job-\(first) before job-\(second) (noop) Pending"), "\(tree)")
            let links = try box.links("tree", first).first
            #expect(links?.dependents.map(\.id) == [second])
            #expect(try box.links("show", second).first?.prerequisites.map(\.state) == ["pending"])
            #expect(engine.isAlive)
        }

        @Test("run as a sequence: the remaining are still attempted, or it stops")
        func sequence() throws {
            let file = try box.write(
                """
                jobs:
                  - noop
                  - vm.start on-1
                  - {concurrency: 2, jobs: [noop, noop]}
                """,
                to: "jobs.yaml"
            )
            let engine = try box.serve()

            let stopped = try box.run("submit", "sequence", "--file", file, "--wait")
            let going = try box.run(
                "submit",
                "sequence",
                "--file",
                file,
                "-p",
                "onFailure=continue",
                "--wait"
            )

            #expect(stopped.code == 1, "\(stopped)")
            #expect(going.code == 1, "\(going)")
            let first = try #require(stopped.job)
            let second = try #require(going.job)
            let jobs = try box.jobs()
            #expect(
                jobs.filter { $0.parentId == first }.map(\.state) == [
                    "completed", "failed", "aborted",
                ]
            )
            #expect(
                jobs.filter { $0.parentId == second }.map(\.state) == [
                    "completed", "failed", "completed",
                ]
            )
            #expect(engine.isAlive)
        }

        @Test("a sequence that makes no sense is refused, with file and place")
        func wrongSequence() throws {
            let file = try box.write("jobs: [noop, {kind: vm.start, size: 3}]", to: "jobs.yaml")
            let outcome = try box.run("submit", "sequence", "--file", file)
            #expect(outcome.code == 64, "\(outcome)")
            #expect(outcome.errors.contains("jobs.yaml: jobs[1]: “size”"), "\(outcome)")
            let missing = try box.run("submit", "sequence", "--file", file + ".not")
            #expect(missing.code == 4, "\(missing)")
        }

        @Test("many orders are submitted all or none, from YAML or lines of JSON")
        func many() throws {
            let yaml = try box.write(
                """
                - {label: a, kind: noop, key: one}
                - {label: b, kind: noop, after: a, afterFailure: skip, priority: 5}
                - noop
                """,
                to: "orders.yaml"
            )
            let outcome = try box.done("submit", "--file", yaml)
            #expect(outcome.output == "1\n2\n3\n")
            #expect(try box.job(2).priority == 5)
            #expect(try box.links("show", 2).first?.prerequisites.map(\.id) == [1])

            let lines = try box.write(
                """
                {"kind": "noop"}
                {"kind": "noop", "parameters": {"lock": "vm/x"}, "key": "one"}
                """,
                to: "orders.jsonl"
            )
            let refused = try box.run("submit", "--file", lines)
            #expect(refused.code == 3, "\(refused)")
            #expect(refused.errors.contains("orders.jsonl:2: the key “one” belongs to job-1"))
            #expect(refused.errors.contains("nothing was submitted"), "\(refused)")
            #expect(try box.jobs().count == 3)

            let early = try box.write("- {kind: noop, after: z}\n- {label: z, kind: noop}", to: "z")
            let forward = try box.run("submit", "--file", early)
            #expect(forward.code == 64, "\(forward)")
            #expect(forward.errors.contains("neither a job nor the label"), "\(forward)")
        }

        @Test("join an equal one that has not begun, unless they are told not to")
        func join() throws {
            let engine = try box.serve()
            try box.run(["submit"] + Sandbox.hanging).mustSucceed()
            try box.wait(1, ["running"])
            let order = ["submit", "vm.stop", "thin-1"]
            let first = try box.done(order)
            let second = try box.done(order + ["--account", ""])
            let own = try box.done(order + ["--no-coalesce"])

            #expect(first.output == second.output)
            #expect(second.errors.contains("stands for both"), "\(second)")
            #expect(own.job == 3, "\(own)")
            #expect(try box.jobs().count == 3)
            let events = try box.done("job", "events", "2").output
            #expect(events.contains("submitted the same order"), "\(events)")
            #expect(engine.isAlive)
        }

        @Test("the same key with another order is refused, with the difference")
        func key() throws {
            try box.done("submit", "noop", "--key", "k")
            let other = try box.run("submit", "noop", "--key", "k", "-p", "lock=vm/x")
            #expect(other.code == 3, "\(other)")
            #expect(other.errors.contains("parameter lock is not given there and “vm/x” here"))
            #expect(try box.jobs().count == 1)
        }

        @Test("change their priority while they wait")
        func priority() throws {
            let job = try box.submit("noop", "--at", "1h")
            let engine = try box.serve()

            try box.done("job", "priority", "7", "\(job)", "--reason", "the board waits")
            #expect(try box.job(job).priority == 7)
            try box.done("job", "priority", "--", "-2", "\(job)")
            #expect(try box.job(job).priority == -2)
            #expect(try box.run("job", "priority", "1001", "\(job)").code == 64)
            let done = try box.submit("noop")
            try box.done("job", "wait", "\(done)")
            #expect(try box.run("job", "priority", "1", "\(done)").code == 3)
            #expect(engine.isAlive)
        }
    }
}

/// What a job says of those it comes after, and those that come after it.
struct LinksDocument: Decodable {
    struct Link: Decodable {
        let id: Int
        let state: String
    }

    let prerequisites: [Link]
    let dependents: [Link]
}

extension Sandbox {
    /// The links of the jobs that `job show` or `job tree` tells of.
    func links(_ command: String, _ job: Int) throws -> [LinksDocument] {
        let text = try done("job", command, "\(job)", "--json").output
        let data = Data(text.utf8)
        if command == "show" { return [try JSONDecoder().decode(LinksDocument.self, from: data)] }
        return try JSONDecoder().decode([LinksDocument].self, from: data)
    }
}
