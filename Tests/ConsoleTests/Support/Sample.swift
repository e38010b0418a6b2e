import Console
import Foundation
import Model

/// A small data centre at 15:41:20, the same in every test.
enum Sample {
    static let now = Timestamp(milliseconds: 1_795_362_080_000)

    static func job(
        _ number: Int64,
        _ kind: String,
        _ target: String,
        _ state: JobState,
        age: Int64 = 60,
        _ change: (inout Job) -> Void = { _ in }
    ) -> Job {
        var job = Job(
            id: JobID(number),
            uuid: "00000000-0000-4000-8000-\(String(format: "%012d", number))",
            kind: kind,
            target: Target(target),
            state: state,
            user: "alice",
            account: "dev",
            createdAt: now + (-age * 1000)
        )
        job.updatedAt = now + (-2000)
        if state != .pending && state != .queued { job.startedAt = now + (-age * 900) }
        if state.isTerminal { job.finishedAt = now + (-5000) }
        change(&job)
        return job
    }

    static let jobs: [Job] = [
        job(5948, "vm.start", "vm/web-1", .running, age: 42) {
            $0.progress = 45
            $0.lane = "host/kvm-a01"
            $0.message = "boots web-1"
        },
        job(5947, "vm.stop", "vm/web-1", .pending, age: 30) {
            $0.waiting = Waiting(.lock, on: "vm/web-1 held by job-5948", since: now + (-30_000))
        },
        job(5946, "repository.present", "repository/iso", .childRunning, age: 200) {
            $0.progress = 33
            $0.childCount = 3
        },
        job(5945, "repository.mount", "repository/iso", .running, age: 190) {
            ($0.parentID, $0.rootID) = (JobID(5946), JobID(5946))
            $0.progress = 70
            $0.lane = "host/kvm-a02"
        },
        job(5944, "vm.deploy", "vm/db-2", .childQueued, age: 400) {
            $0.childCount = 2
            $0.user = "bob"
        },
        job(5943, "vm.migrate", "vm/db-1", .cancelling, age: 500) {
            $0.progress = 60
            $0.lane = "host/kvm-a03"
            $0.stop = StopRequest(level: .cancel, by: "bob", at: now + (-4000), reason: "wrong VM")
        },
        job(5942, "vm.resize", "vm/mail", .lost, age: 900) {
            $0.backend = .unknown
            $0.lane = "host/kvm-b01"
        },
        job(5941, "vm.remove", "vm/old", .needsOperator, age: 1200) {
            $0.waiting = Waiting(
                .operator,
                on: "undo of “Detach disk” failed",
                since: now + (-60_000)
            )
        },
        job(5940, "vm.start", "vm/web-2", .queued, age: 15) {
            $0.waiting = Waiting(.lane, on: "host/kvm-a01", since: now + (-15_000))
            $0.lane = "host/kvm-a01"
        },
        job(5939, "vm.start", "vm/app-3", .failed, age: 3000) {
            $0.cause = .error
            $0.message = "host kvm-a02 has no room for 16 GB"
            $0.rollback = .clean
            $0.code = ResultCode(
                domain: "cloudstack",
                number: 533,
                name: "INSUFFICIENT_CAPACITY_ERROR"
            )
            $0.result = #"{"host":"kvm-a02","wanted":16384}"#
        },
        job(5938, "snapshot.create", "vm/db-1", .completed, age: 3600) { $0.progress = 100 },
        job(5937, "vm.reboot", "vm/app-1", .aborted, age: 4000) {
            $0.cause = .stoppedByUser
            $0.rollback = .clean
            $0.stop = StopRequest(level: .abort, by: "alice", at: now + (-6000), reason: "")
        },
    ]

    static func counts(_ jobs: [Job]) -> Counts {
        var counts = Counts()
        for job in jobs { counts[job.state] += 1 }
        return counts
    }

    /// What the store says about these jobs, for the query that the console wants.
    static func snapshot(_ jobs: [Job] = jobs, _ query: JobQuery, at moment: Timestamp = now)
        -> Snapshot
    {
        var snapshot = Snapshot(now: moment, query: query)
        snapshot.counts = counts(jobs)
        snapshot.engine = EngineLine(
            epoch: 3,
            process: 4711,
            machine: "ops-1",
            since: now + (-86_400_000),
            isAlive: true
        )
        snapshot.isOwnEngine = true
        snapshot.throughput = Throughput(endedLastMinute: 84, perSecond: 1.4)
        let rows = jobs.dropFirst(query.offset).prefix(query.limit).map { job in
            JobRow(
                job: job,
                depth: query.isTree && job.parentID != nil ? 1 : 0,
                isFolded: query.folded.contains(job.id)
            )
        }
        snapshot.page = JobPage(rows: Array(rows), total: jobs.count, offset: query.offset)
        snapshot.storePath = "/var/lib/signalbox/signalbox.sqlite"
        snapshot.user = "alice"
        return snapshot
    }

    static let steps: [StepRecord] = {
        let plan = [
            Step(
                "Reserve room for web-1",
                .operation(Operation("vm.reserve", on: "vm/web-1")),
                undo: Operation("vm.release", on: "vm/web-1")
            ),
            Step(
                "Boot web-1",
                .operation(Operation("vm.boot", on: "vm/web-1", lane: "host/kvm-a01")),
                undo: Operation("vm.poweroff", on: "vm/web-1")
            ),
            Step("Switch web-1 over", .operation(Operation("migrate.switch", on: "vm/web-1")))
                .with {
                    $0.isPointOfNoReturn = true
                    $0.isInterruptible = false
                },
        ]
        var records = plan.enumerated().map { StepRecord(index: $0.offset, step: $0.element) }
        (records[0].state, records[0].attempts) = (.done, 1)
        (records[0].startedAt, records[0].finishedAt) = (now + (-40_000), now + (-39_700))
        (records[1].state, records[1].attempts) = (.running, 2)
        records[1].startedAt = now + (-12_000)
        records[1].message = "waits for the guest to answer"
        return records
    }()

    static func detail(_ number: Int64 = 5948) -> JobDetail {
        let job = jobs.first { $0.id.number == number } ?? jobs[0]
        var detail = JobDetail(job: job)
        detail.parameters = ["boot": "disk"]
        detail.steps = steps
        detail.journal = [
            JournalEntry(
                sequence: 1,
                job: job.id,
                at: now + (-42_000),
                from: nil,
                to: .pending,
                actor: "alice",
                cause: "submitted"
            ),
            JournalEntry(
                sequence: 2,
                job: job.id,
                at: now + (-41_000),
                from: .pending,
                to: .queued,
                actor: "engine",
                cause: "its locks are granted"
            ),
            JournalEntry(
                sequence: 3,
                job: job.id,
                at: now + (-40_500),
                from: .queued,
                to: .running,
                actor: "engine",
                cause: "a slot is free in its lane"
            ),
        ]
        detail.log = (0..<40).map { line in
            let level: LogLevel = line == 7 || line == 31 ? .error : line % 5 == 0 ? .debug : .info
            let text = level == .error ? "disk \(line) does not answer" : "line \(line) of the log"
            return LogLine(
                sequence: Int64(line),
                job: job.id,
                at: now + Int64(line - 40) * 500,
                level: level,
                text: text
            )
        }
        detail.logCount = 40
        detail.tree = [JobRow(job: job)]
        detail.tickets = [
            LockLine(
                ticket: Ticket(
                    number: 1,
                    resource: "vm/web-1",
                    job: job.id,
                    scope: 0,
                    mode: .exclusive,
                    isGranted: true,
                    since: now + (-41_000)
                ),
                kind: job.kind
            )
        ]
        return detail
    }

    static func preview(_ number: Int64, isInterruptible: Bool = true) -> StopPreview {
        var children = Counts()
        (children[.running], children[.queued]) = (1, 2)
        return StopPreview(
            job: JobID(number),
            step: "Boot web-1",
            isInterruptible: isInterruptible,
            undo: ["Boot web-1", "Attach disk 2", "Reserve room for web-1"],
            children: children
        )
    }

    static let vms: [VMLine] = [
        VMLine(
            name: "web-1",
            state: "starting",
            host: "kvm-a01",
            cluster: "a",
            cpus: 4,
            memory: 8192,
            disks: 2,
            account: "dev",
            job: JobID(5948)
        ),
        VMLine(
            name: "db-1",
            state: "running",
            host: "kvm-a03",
            cluster: "a",
            cpus: 16,
            memory: 65_536,
            disks: 5,
            account: "dba",
            job: JobID(5943)
        ),
        VMLine(
            name: "old",
            state: "stopped",
            host: "",
            cluster: "b",
            cpus: 1,
            memory: 512,
            disks: 1,
            account: "dev"
        ),
        VMLine(
            name: "mail",
            state: "error",
            host: "kvm-b01",
            cluster: "b",
            cpus: 2,
            memory: 2560,
            disks: 1,
            account: "ops"
        ),
    ]

    static let hosts: [HostLine] = [
        HostLine(
            name: "kvm-a01",
            cluster: "a",
            state: "up",
            cpus: 32,
            memory: 131_072,
            usedMemory: 65_536,
            vms: 12,
            lane: LaneLine(name: "host/kvm-a01", slots: 2, used: 2, queued: 5)
        ),
        HostLine(
            name: "kvm-a02",
            cluster: "a",
            state: "maintenance",
            cpus: 32,
            memory: 131_072,
            usedMemory: 0,
            vms: 0
        ),
        HostLine(
            name: "kvm-b01",
            cluster: "b",
            state: "unreachable",
            cpus: 16,
            memory: 65_536,
            usedMemory: 60_000,
            vms: 9,
            lane: LaneLine(
                name: "host/kvm-b01",
                slots: 2,
                used: 1,
                queued: 3,
                closedUntil: now + 25_000,
                reason: "no answer for 30s"
            )
        ),
    ]

    static let locks: [LockLine] = [
        LockLine(
            ticket: Ticket(
                number: 10,
                resource: "vm/web-1",
                job: JobID(5948),
                scope: 0,
                mode: .exclusive,
                isGranted: true,
                since: now + (-41_000)
            ),
            kind: "vm.start"
        ),
        LockLine(
            ticket: Ticket(
                number: 11,
                resource: "vm/web-1",
                job: JobID(5947),
                scope: 0,
                mode: .exclusive,
                isGranted: false,
                since: now + (-30_000)
            ),
            kind: "vm.stop",
            behind: [JobID(5948)]
        ),
    ]
}
