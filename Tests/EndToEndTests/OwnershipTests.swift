import Foundation
import Testing

extension EndToEnd {
    @Suite("Two processes on one store")
    struct Ownership {
        private let box: Sandbox

        init() throws {
            box = try Sandbox()
            try box.stage()
        }

        private func standby(behind first: Launch) throws -> Launch {
            let second = try box.start("serve")
            try eventually("the second stands by", scene: { second.errors }) {
                second.errors.contains("stands by: process \(first.process) ").orNil
            }
            return second
        }

        @Test("the second stands by, says behind whom, and takes over when the first is killed")
        func takesOver() throws {
            let first = try box.serve()
            let second = try standby(behind: first)
            #expect(try box.owner() == first.process)
            try box.done("submit", "noop", "--wait")

            first.cut()

            try eventually("the second owns the store", scene: { second.errors }) {
                try box.owner() == second.process ? () : nil
            }
            try box.done("submit", "noop", "--wait")
            try box.run(["submit"] + Sandbox.hanging).mustSucceed()
            try box.wait(3, ["running"])

            second.cut()
            let third = try box.serve()

            #expect(try box.job(3).state == "running")
            try box.done("job", "abort", "3")
            #expect(try box.run("job", "wait", "3").code == 2)
            #expect(try box.job(3).rollback == "clean")
            #expect(third.isAlive)
        }

        @Test("a signal ends an engine well; what runs at the hypervisor goes on")
        func drains() throws {
            let first = try box.serve()
            try box.run(["submit"] + Sandbox.hanging).mustSucceed()
            try box.wait(1, ["running"])

            for signal in [SIGTERM, SIGINT] {
                let engine = signal == SIGTERM ? first : try box.serve()
                engine.send(signal)
                #expect(try engine.wait().code == 0)
                #expect(try box.job(1).state == "running")
                #expect(try box.owner() == nil)
            }
            let last = try box.serve()
            try box.done("job", "abort", "1")
            #expect(try box.run("job", "wait", "1").code == 2)
            #expect(last.isAlive)
        }

        @Test("an engine that stops for a moment keeps its store; nobody does its work twice")
        func frozen() throws {
            let first = try box.serve()
            let second = try standby(behind: first)
            first.send(SIGSTOP)
            let job = try box.submit("nic.create", "on-1")
            let answer = try box.run("job", "abort", "\(job)")
            #expect(answer.code == 124, "\(answer)")
            #expect(!second.errors.contains("is alive on"))

            first.send(SIGCONT)

            try box.wait(job, ["aborted"])
            #expect(try box.owner() == first.process)
        }

        @Test("one that stays frozen is followed; when it wakes it is refused, and stands by")
        func frozenAndFollowed() throws {
            let first = try box.serve()
            let second = try standby(behind: first)
            try box.run(["submit"] + Sandbox.hanging).mustSucceed()
            try box.wait(1, ["running"])
            first.send(SIGSTOP)
            let job = try box.submit("nic.create", "on-1")

            try eventually("the second owns the store", within: 120, scene: { second.errors }) {
                try box.owner() == second.process ? () : nil
            }
            try box.wait(job, ["completed"])
            first.send(SIGCONT)
            try eventually("the first finds out", within: 120, scene: { first.errors }) {
                first.errors.contains("another engine has taken the store over").orNil
            }

            #expect(try box.owner() == second.process)
            try box.done("submit", "noop", "--wait")
            try box.done("job", "abort", "1")
            #expect(try box.run("job", "wait", "1").code == 2)
            #expect(try box.job(1).rollback == "clean")
            #expect(try box.done("engine").output.contains("stands by: process \(first.process)"))
        }

        @Test("a frozen engine that is killed leaves its requests to the next")
        func frozenAndKilled() throws {
            let first = try box.serve()
            let second = try standby(behind: first)
            first.send(SIGSTOP)
            let job = try box.submit("vm.start", "off-1")

            first.cut()

            try box.done("job", "wait", "\(job)")
            #expect(try box.owner() == second.process)
        }

        /// Does something as if on another machine.
        private func elsewhere<Result>(_ body: () throws -> Result) rethrows -> Result {
            box.environment["SIGNALBOX_MACHINE"] = "far-1"
            defer { box.environment["SIGNALBOX_MACHINE"] = nil }
            return try body()
        }

        @Test("a dead one on another machine is followed once its lease stands still")
        func deadElsewhere() throws {
            let first = try elsewhere { try box.serve() }
            try box.run(["submit"] + Sandbox.hanging).mustSucceed()
            try box.wait(1, ["running"])
            let second = try standby(behind: first)
            #expect(second.errors.contains("stands by: process \(first.process) on far-1"))
            let answer = try box.done("engine", "--json").output
            #expect(answer.replacing(" ", with: "").contains("\"elsewhere\":true"), "\(answer)")

            first.cut()

            try eventually("the second owns the store", within: 120, scene: { second.errors }) {
                try box.owner() == second.process ? () : nil
            }
            try box.done("submit", "noop", "--wait")
            try box.done("job", "abort", "1")
            #expect(try box.run("job", "wait", "1").code == 2)
            #expect(try box.job(1).rollback == "clean")
        }

        @Test("the lock of a dead one elsewhere says nothing: it is its lease that counts")
        func lockElsewhere() throws {
            let first = try elsewhere { try box.serve() }
            first.cut()
            let number = try box.submit("noop")

            // The kernel has let the lock go, as it has where locks do not reach; the lease has not
            // run out, for all that anybody can see from here.
            let second = try standby(behind: first)
            #expect(!second.errors.contains("is alive on"))

            try box.wait(number, ["completed"])
            #expect(try box.owner() == second.process)
        }

        @Test("a frozen one elsewhere is followed; when it wakes it writes nothing, and stands by")
        func frozenElsewhere() throws {
            let first = try elsewhere { try box.serve() }
            let second = try standby(behind: first)
            try box.run(["submit"] + Sandbox.hanging).mustSucceed()
            try box.wait(1, ["running"])
            first.send(SIGSTOP)

            try eventually("the second owns the store", within: 120, scene: { second.errors }) {
                try box.owner() == second.process ? () : nil
            }
            first.send(SIGCONT)
            try eventually("the first finds out", within: 120, scene: { first.errors }) {
                first.errors.contains("another engine has taken the store over").orNil
            }

            #expect(try box.owner() == second.process)
            try box.done("job", "abort", "1")
            #expect(try box.run("job", "wait", "1").code == 2)
        }
    }
}
