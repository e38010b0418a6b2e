import Model
import Testing

@Suite("Jobs and what they are named by")
struct JobTests {
    static let uuid = "6f9619ff-8b86-d011-b42d-00c04fc964ff"

    @Test(
        "are named by a number, with or without a word before it",
        arguments: ["5948", "job-5948", "JOB-5948", "Job-5948"]
    )
    func byNumber(text: String) {
        #expect(JobReference(text) == .id(JobID(5948)))
    }

    @Test("are named by a UUID in any case", arguments: [uuid, uuid.uppercased()])
    func byUUID(text: String) {
        #expect(JobReference(text) == .uuid(Self.uuid))
    }

    @Test(
        "are named by nothing else",
        arguments: ["", "0", "-5", "job-", "job--5", "web-1", "5948x", "99999999999999999999"]
    )
    func byNothingElse(text: String) {
        #expect(JobReference(text) == nil)
    }

    @Test(
        "have targets that are read as type and name",
        arguments: [
            ("vm/web-1", "vm", "web-1", "vm/web-1"), ("web-1", "vm", "web-1", "vm/web-1"),
            ("disk/vm/7", "disk", "vm/7", "disk/vm/7"), ("", "", "", ""),
        ]
    )
    func target(text: String, type: String, name: String, shown: String) {
        let target = Target(text)
        #expect(target.type == type)
        #expect(target.name == name)
        #expect(target.description == shown)
    }

    @Test("take another type for a bare name if asked")
    func targetType() {
        #expect(Target("a01", defaultType: "host").description == "host/a01")
        #expect(Target("").description == Target.none.description)
    }

    @Test("grow older until they end")
    func age() {
        var job = Samples.job()
        #expect(job.age(at: Samples.start + 500) == 500)
        job.finishedAt = Samples.start + 300
        #expect(job.age(at: Samples.start + 500) == 300)
    }

    @Test("stall only while something should be moving", arguments: JobState.allCases)
    func stall(state: JobState) {
        let job = Samples.job(state)
        let mayStall: Set<JobState> = [.running, .finishing, .cancelling]
        #expect(job.isStalled(at: Samples.start + 100, after: 100) == mayStall.contains(state))
        #expect(!job.isStalled(at: Samples.start + 99, after: 100))
    }
}
