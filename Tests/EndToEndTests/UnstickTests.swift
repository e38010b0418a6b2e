import Foundation
import Testing

extension EndToEnd {
    @Suite("Unsticking")
    struct Unsticking {
        private let box: Sandbox
        private let engine: Launch

        init() throws {
            box = try Sandbox()
            try box.stage()
            engine = try box.serve()
            try box.run(["submit"] + Sandbox.hanging).mustSucceed()
            try eventually("the start hangs") { try box.job(1).progress == 22 ? () : nil }
        }

        private func machine() throws -> String {
            try box.done("vm", "thin-1").lines.last ?? ""
        }

        @Test("an abandoned start leaves no VM behind that nobody can use: evidence, then a cure")
        func unsticks() throws {
            try box.done("job", "abandon", "1", "--yes")
            #expect(try machine().contains("starting"))
            // What is in its way is named, with the job it comes from.
            let blocked = try box.submit("vm.start", "thin-1", "-p", "boot=disk")
            try box.wait(blocked, ["failed"])
            let why = try box.done("job", "why", "\(blocked)").output
            #expect(why.contains("operation 1/2/1, which was at work there"), "\(why)")

            let shown = try box.done("job", "why", "1").output
            #expect(shown.contains("the backend (asked now): it is at work"), "\(shown)")
            #expect(shown.contains("signalbox job resolve 1 --decision interrupt"), "\(shown)")

            try box.done("job", "resolve", "1", "--decision", "interrupt", "--reason", "free it")
            try eventually("the VM is free") { try machine().contains("stopped") ? () : nil }
            let next = try box.submit("vm.start", "thin-1", "-p", "boot=disk")
            try box.wait(next, ["completed"])

            #expect(try box.job(1).state == "aborted")
            let log = try box.done("job", "log", "1").output
            #expect(log.contains("the record of operation 1/2/1 is closed"), "\(log)")
            let again = try box.run("job", "resolve", "1", "--decision", "ask")
            #expect(again.code == 3, "\(again)")
            #expect(engine.isAlive)
        }

        @Test("why shows the chain to the root, the backend's answer, and commands with previews")
        func guides() throws {
            let waiter = try box.submit("vm.start", "thin-1", "-p", "boot=disk")

            let why = try box.done("job", "why", "\(waiter)").output
            #expect(why.contains("lock vm/thin-1 (exclusive), held by job-1"), "\(why)")
            #expect(why.contains("operation 1/2/1 vm.boot vm/thin-1"), "\(why)")
            #expect(why.contains("the backend (asked now): it is at work"), "\(why)")
            let ask = try #require(why.range(of: "job resolve 1 --decision ask"))
            let abort = try #require(why.range(of: "job abort 1"))
            let release = try #require(why.range(of: "lock release vm/thin-1 --job 1"))
            #expect(ask.lowerBound < abort.lowerBound && abort.lowerBound < release.lowerBound)
            let log = try box.done("job", "log", "1").output
            #expect(log.contains("evidence: operation 1/2/1 is at work"), "\(log)")

            let json = try box.done("job", "why", "\(waiter)", "--json").output
            for key in ["\"chain\"", "\"operation\"", "\"backend\"", "\"remedies\"", "\"fence\""] {
                #expect(json.contains(key), "\(json)")
            }
            engine.cut()
            let dead = try box.done("job", "why", "1").output
            #expect(dead.contains("from the hypervisor's log): it is at work"), "\(dead)")
        }

        @Test("a lock is released after evidence and a preview, with a reason, and by force only")
        func releases() throws {
            let waiter = try box.submit("vm.remove", "thin-1")
            let release = ["lock", "release", "vm/thin-1"]
            let reason = ["--reason", "it hangs"]

            #expect(try box.run(release).code == 64)
            let dry = try box.run(release + reason + ["--dry-run"])
            #expect(dry.code == 0, "\(dry)")
            #expect(dry.output.contains("job-1 is abandoned"), "\(dry)")
            #expect(dry.output.contains("job-\(waiter) would hold it next"), "\(dry)")
            let refused = try box.run(release + reason + ["--yes"])
            #expect(refused.code == 3, "\(refused)")
            #expect(refused.errors.contains("--force"), "\(refused)")
            let unasked = try box.run(release + reason + ["--force"])
            #expect(unasked.code == 3, "\(unasked)")
            #expect(unasked.errors.contains("--yes"), "\(unasked)")
            #expect(try box.job(1).state == "running")

            let done = try box.run(release + reason + ["--force", "--yes"])
            #expect(done.code == 0, "\(done)")
            #expect(done.output.contains("held (exclusive) by job-\(waiter)"), "\(done)")
            #expect(try box.job(1).state == "aborted")
            let locks = try box.done("lock").output
            #expect(!locks.contains("vm.start"), "\(locks)")
            #expect(try box.run(["lock", "release", "vm/no"] + reason + ["--yes"]).code == 4)
            #expect(engine.isAlive)
        }

        @Test("a decision that makes no sense says what would")
        func refuses() throws {
            let wrong = try box.run("job", "resolve", "1", "--decision", "fix")
            #expect(wrong.code == 64, "\(wrong)")
            #expect(wrong.errors.contains("settleNotDone"), "\(wrong)")
            let silent = try box.run("job", "resolve", "1", "--decision", "settle-done")
            #expect(silent.code == 64, "\(silent)")
            #expect(silent.errors.contains("--reason"), "\(silent)")
            let early = try box.run("job", "resolve", "1", "--decision", "interrupt")
            #expect(early.code == 3, "\(early)")
            #expect(early.errors.contains("abort job-1"), "\(early)")
        }
    }
}
