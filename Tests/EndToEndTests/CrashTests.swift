import Foundation
import Testing

extension EndToEnd {
    /// The load keeps both processors busy.
    @Suite("Killing an engine at work", .serialized, .tags(.slow))
    struct Crashes {
        private let box: Sandbox
        private let hypervisor: String

        init() throws {
            box = try Sandbox()
            try box.stage()
            hypervisor = box.store + ".hypervisor"
        }

        /// Submits one job after the other until a file named `stop` appears; writes the numbers
        /// of those that were acknowledged.
        private func submitter(_ number: Int, _ jobs: [String]) throws -> Launch {
            let orders = jobs.enumerated().map { "\($0.offset)) order=\"\($0.element)\";;" }
            let script = """
                n=0
                while [ ! -e stop ]; do
                    case $((n % \(jobs.count))) in \(orders.joined(separator: " ")) esac
                    n=$((n + 1))
                    \(Program.path) submit $order --key \(number)-$n >> acked-\(number) || exit 1
                done
                """
            let path = try box.write(script, to: "submitter-\(number).sh")
            return try box.startTool("/bin/sh", ["-c", "cd \(box.folder) && . \(path)"])
        }

        private func acknowledged() -> [Int] {
            Self.work.indices.flatMap { number -> [Int] in
                let data = box.bytes("\(box.folder)/acked-\(number)") ?? Data()
                // Whatever follows the last newline is not said yet.
                return String(decoding: data, as: UTF8.self).split(separator: "\n")
                    .compactMap { Int($0) }
            }
        }

        private static let work = [
            ["noop -p lock=vm/on-1", "nic.create on-1", "snapshot.create on-2"],
            ["repository.present repo-1", "disk.create data-$n", "nic.create on-3", "noop"],
            ["snapshot.create on-4", "disk.create more-$n", "noop -p lock=vm/off-1"],
        ]

        @Test("loses nothing, does nothing twice, and everything settles", arguments: [1])
        func underLoad(seed: UInt64) throws {
            var dice = Dice(seed: seed)
            var record = HypervisorRecord()
            let submitters = try Self.work.enumerated().map { try submitter($0, $1) }
            for _ in 0..<12 {
                // Now and then it dies while it is still finding out what its predecessor left.
                let isHasty = Int.random(in: 0..<4, using: &dice) == 0
                let engine = isHasty ? try box.start("serve") : try box.serve()
                let enough = acknowledged().count + Int.random(in: 1...6, using: &dice)
                try eventually("\(enough) jobs are acknowledged", scene: { engine.errors }) {
                    (acknowledged().count >= enough || !submitters.allSatisfy(\.isAlive)).orNil
                }
                engine.cut()
                #expect(!engine.errors.contains("rror"), "\(engine.errors)")
                record.read(hypervisor)
            }
            _ = try box.write("", to: "stop")
            for submitter in submitters {
                let outcome = try submitter.wait()
                #expect(outcome.code == 0, "\(outcome)")
            }

            let engine = try box.serve()
            let jobs = try settle(engine)
            engine.send(SIGTERM)
            #expect(try engine.wait().code == 0)
            record.read(hypervisor)

            try check(jobs)
            let stories = try stories(record)
            #expect(record.findings.isEmpty, "\(stories)")
            #expect(record.tasks > 12)
        }

        /// What the jobs of the findings went through.
        private func stories(_ record: HypervisorRecord) throws -> String {
            try record.doubtful.sorted().map { job in
                let log = try box.run("job", "log", job, "--level", "debug").output
                return try box.run("job", "events", job).output + log
            }.joined(separator: "\n")
        }

        private func settle(_ engine: Launch) throws -> [JobDocument] {
            var open: [JobDocument] = []
            return try eventually(
                "all jobs have ended",
                within: 120,
                scene: { "\(open.prefix(5))\n\(engine.errors)" }
            ) {
                let jobs = try box.jobs()
                open = jobs.filter { !$0.hasEnded }
                return open.isEmpty ? jobs : nil
            }
        }

        private func check(_ jobs: [JobDocument]) throws {
            let acknowledged = acknowledged()
            #expect(acknowledged.count >= 24)
            #expect(Set(acknowledged).count == acknowledged.count)
            let lost = Set(acknowledged).subtracting(jobs.map(\.id))
            #expect(lost.isEmpty, "acknowledged and gone")
            for job in jobs where job.state != "completed" {
                Issue.record("\(job.id) \(job.kind) is \(job.state): \(job.message)")
            }
            for (state, machines) in try states() where !["running", "stopped"].contains(state) {
                Issue.record("\(machines) are left \(state)")
            }
            #expect(try box.done("lock", "--json").output.filter { !$0.isWhitespace } == "[]")
            try checkJournal()
        }

        private func states() throws -> [String: [String]] {
            struct Machine: Decodable {
                let name: String
                let state: String
            }
            let text = try box.done("vm", "--json").output
            let machines = try JSONDecoder().decode([Machine].self, from: Data(text.utf8))
            return Dictionary(grouping: machines, by: \.state).mapValues { $0.map(\.name) }
        }

        private func checkJournal() throws {
            guard let sqlite3 = Tool.sqlite3 else { return }
            let questions = [
                "PRAGMA integrity_check": "ok",
                "SELECT count(*) FROM job WHERE (SELECT count(*) FROM journal "
                    + "WHERE journal.job = job.id AND to_state >= 10) <> 1": "0",
                "SELECT count(*) FROM async_job WHERE job_status = 0": "0",
            ]
            for (question, answer) in questions {
                let outcome = try box.startTool(sqlite3, [box.store, question]).wait()
                #expect(outcome.output == answer + "\n", "\(question)\n\(outcome)")
            }
        }

        @Test("keeps a submission whose process is killed whole or not at all")
        func killedSubmitter() throws {
            var dice = Dice(seed: 5)
            let engine = try box.serve()
            var said: [Int] = []
            for round in 0..<20 {
                let submit = try box.start("submit", "noop", "--key", "k\(round)")
                var left = Int.random(in: 0...12, using: &dice)
                try eventually("the moment has come") {
                    left -= 1
                    return (left < 0 || !submit.isAlive).orNil
                }
                submit.cut()
                if submit.output.hasSuffix("\n"), let job = Int(submit.output.dropLast()) {
                    said.append(job)
                }
            }

            let jobs = try settle(engine)

            #expect(jobs.allSatisfy { $0.state == "completed" })
            #expect(Set(said).isSubset(of: jobs.map(\.id)))
        }
    }
}
