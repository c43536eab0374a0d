"""What the demo's bots write: invented remarks by question, in several scripts, none about a real person."""

REMARKS: dict[str, tuple[str, ...]] = {
    "does_well": (
        "Takes time to explain things, even on a busy day.",
        "Calm when everything happens at once. People feel safe asking questions.",
        "Always answers messages the same day, and says when an answer will take longer.",
        "Teaches without making anybody feel small.",
        "Notes are clear, so I know what to do next without having to ring.",
        "Yn gwrando’n dda ar bawb yn y tîm, ac yn gŵrtais bob amser – hyd yn oed ar ddiwedd yr ŵythnos.",
        "Thanks people by name. It makes a difference 🙂",
    ),
    "did_well": (
        "Listened to me and did not rush.",
        "Explained what would happen next in words I could follow.",
        "I felt I could ask anything.",
        "شرح لي كل شيء بهدوء ووضوح.",
        "ਮੇਰੀ ਗੱਲ ਧਿਆਨ ਨਾਲ ਸੁਣੀ।",
        "उन्होंने हर सवाल का जवाब धैर्य से दिया।",
        "Kind to my mother, who was frightened.",
    ),
    "could_be_better": (
        "Could share plans with the whole team earlier in the day.",
        "Meetings run late. A firm end time would help everybody.",
        "Sometimes speaks quickly when under pressure.",
        "It would help to hear sooner when a clinic is going to be cancelled.",
        "A little more feedback for people who are new would be welcome.",
    ),
    "anything_else": (
        "I would be glad to have this person look after my own family.",
        "A good colleague to have around when things are hard.",
    ),
    "": ("Nothing more to say.",),
}
