import Console
import Model
import Terminal
import Testing

@Suite("Actions for some jobs only, and on lanes")
struct MoreActionTests {
    private static let waiting = Sample.job(6001, "vm.remove", "vm/old", .pending) {
        $0.user = "bob"
        $0.waiting = Waiting(.approval, on: "by somebody other than bob", since: Sample.now)
    }

    private func pilot(_ job: Job) -> Pilot { Pilot(columns: 120, jobs: [job]) }

    @Test("a job of somebody else is approved, or rejected with a reason")
    func approval() {
        var pilot = pilot(Self.waiting)
        pilot.press("x", "V")
        pilot.pass(300)
        pilot.press("y")
        #expect(pilot.requests.map(\.action) == [.approve])

        pilot.press("x", "J")
        pilot.pass(300)
        pilot.press("y")
        #expect(pilot.status.contains("say why first"), "\(pilot.status)")
        #expect(pilot.requests.count == 1)
        pilot.press("r")
        pilot.type("not today")
        pilot.press("Enter", "y")
        #expect(pilot.requests.last?.action == .reject)
        #expect(pilot.requests.last?.reason == "not today")
    }

    @Test("a job that waits for nobody's approval does not offer it, and says so")
    func noApproval() {
        var pilot = pilot(Sample.jobs[0])
        pilot.press("x")
        pilot.doesNotSee("Approve")
        pilot.press("Esc")
        pilot.command("approve")
        #expect(pilot.status.contains("it waits for nobody's approval"), "\(pilot.status)")
    }

    @Test(
        "a job that waits becomes more or less urgent, within the bounds",
        arguments: [(0, [10, -10]), (995, [985]), (-1000, [-990])]
    )
    func urgency(_ priority: Int, _ offered: [Int]) {
        var job = Sample.jobs[8]
        job.priority = priority
        for wanted in offered {
            var pilot = pilot(job)
            pilot.press("x", wanted > priority ? "+" : "-")
            pilot.pass(300)
            pilot.press("y")
            #expect(pilot.requests.map(\.action) == [.prioritize(wanted)])
        }
        var pilot = pilot(job)
        pilot.press("x")
        for wanted in [priority + 10, priority - 10] where !offered.contains(wanted) {
            pilot.doesNotSee("Priority \(wanted)")
        }
    }

    @Test("what was left behind is declared over only with a reason")
    func settles() {
        var pilot = pilot(Sample.jobs[6])
        pilot.press("x", "O")
        pilot.pass(300)
        pilot.press("y")
        #expect(pilot.requests.isEmpty)
        pilot.press("r")
        pilot.type("looked on the host")
        pilot.press("Enter", "y")
        #expect(pilot.requests.map(\.action) == [.settle(.settleNotDone)])
    }

    @Test("a job is pinned, and unpinned")
    func pins() {
        var pilot = pilot(Sample.jobs[0])
        pilot.press("x", "K")
        pilot.pass(300)
        pilot.press("y")
        #expect(pilot.requests.map(\.action) == [.pin])
    }

    @Test(
        "typed commands ask about the job they name",
        arguments: [
            ("priority 20 5940", OperatorAction.prioritize(20)), ("pin 5940", .pin),
            ("priority -5", .prioritize(-5)),
        ]
    )
    func commands(_ line: String, _ action: OperatorAction) {
        var pilot = Pilot(jobs: [Sample.jobs[8]])
        pilot.command(line)
        pilot.pass(300)
        pilot.press("y")
        #expect(pilot.requests.map(\.action) == [action])
    }

    @Test(
        "a priority that is none is refused",
        arguments: ["priority", "priority x", "priority 1001"]
    )
    func badPriority(_ line: String) {
        var pilot = Pilot()
        pilot.command(line)
        pilot.sees("priority needs a number from -1000 to 1000")
        #expect(pilot.requests.isEmpty)
    }

    @Test("jobs that keep house are shown when somebody asks")
    func internalJobs() {
        var pilot = Pilot()
        #expect(pilot.model.watch.jobs.hidesInternal)
        pilot.command("internal")
        #expect(!pilot.model.watch.jobs.hidesInternal)
        pilot.command("internal")
        #expect(pilot.model.watch.jobs.hidesInternal)
    }

    @Test("a host's lane is paused with a reason, shown so, and resumed")
    func lanes() throws {
        var pilot = Pilot(columns: 200)
        pilot.press("3")
        pilot.send(.hosts(Sample.hosts))
        let name = Sample.hosts[0].name
        pilot.press("x", "p")
        pilot.pass(300)
        pilot.press("y")
        #expect(pilot.requests.isEmpty)
        pilot.press("r")
        pilot.type("new memory")
        pilot.press("Enter", "y")
        let request = try #require(pilot.requests.last)
        #expect(request.action == .pause(until: nil, drains: false))
        #expect(request.subject == .lane("host/" + name) && request.reason == "new memory")

        var hosts = Sample.hosts
        hosts[0].lane?.pause = Pause(by: "ann", at: Sample.now, reason: "new memory")
        pilot.send(.hosts(hosts))
        pilot.sees("paused by ann: new memory")
        pilot.press("x", "r")
        pilot.pass(300)
        pilot.press("y")
        #expect(pilot.requests.last?.action == .resume)
    }
}
