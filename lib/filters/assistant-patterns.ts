// What an English instruction model says when it talks instead of writing: the beginnings of such texts.

const notAble =
  "(?:can't|can ?not|won't|(?:am|'m) (?:unable|not able) to|am not programmed to|won't be able to|" +
  "do(?:n't| not) have the (?:ability|capability|capacity) to)";
const kind =
  "(?:summar(?:y|ies)|headline|question|review|definition|paragraph|sentence|article|text|example|" +
  "version|rewrite|answer|list|tweet|post|message|description|story|prompt|draft|email|letter|attempt|" +
  "completion|response|piece|conversation|discussion|topic|content|information|request|task)s?";
const work =
  "(?:write|generate|provide|produce|create|complete|compose|summari[sz]e|answer|continue|discuss|" +
  "engage|give|offer|help|assist|draft|fulfil+|comply)";
const agreed =
  "(?:sure(?: thing)?|certainly|of course|absolutely|okay|ok|great|yes|alright|all right|got it|" +
  "understood|noted|no problem)[,.!:]* ?(?:of course!? )?";
const hereIs = "here(?:'s| is| are)";
const article = "(?:my|a|an|the|your|one|some|two|three|four|five|[0-9]+)";
/** The sentence ends, or gives a reason. */
const noMore =
  '(?=[.!"]|$| (?:for|as|since|that|because|about|to|based|without)\\b|,? (?:as|but|since|because|however)\\b)';
const sorry =
  "(?:(?:(?:i'm|i am) (?:very |really |so )?sorry|sorry|(?:i|we) (?:do )?apologi[sz]e(?: for [^.,]{1,40})?|" +
  "my apologies|unfortunately|i regret to inform you|(?:i'm|i am) afraid|regrettably)[,.]?(?: that)?(?: but)?,? " +
  ")";
export const machine =
  "(?:(?:ai|artificial intelligence|(?:large )?language model|ai (?:language )?model|virtual assistant|" +
  "digital assistant|chat ?bot|computer program|machine learning model)(?:[ -](?:based|text-based|" +
  "powered))?(?: (?:language )?(?:model|assistant|system|chatbot))?)";

// Each is anchored at the start of the text, which is tested in lower case, with straight quotes, and without what
// stands in front of its first word. They are narrow on purpose: "I'm sorry, but I hated this film" is a review.
export const beginnings: readonly string[] = [
  // refusals: of a request, or of a piece of work
  `${sorry}?(?:as an ai[^.]{0,40}, ?)?i ?${notAble} (?:(?:be able to )?(?:assist|help)(?: you)?(?: with|` +
    " in)? (?:that|this|your (?:request|question))\\b|comply|fulfil+ (?:that|this|the|your) request|" +
    "do that\\b)",
  `${sorry}(?:as an ai[^.]{0,40}, ?)?i ?${notAble} ${work} (?:[^.]{0,60} )?(?:that|this|such) (?:[^.]{0,20} )?${kind}${noMore}`,
  `${sorry}(?:as an ai[^.]{0,40}, ?)?i ?${notAble} ${work} (?:that|this)\\b(?! (?:story|book|film|` +
    "movie|game|journey|relationship))",
  `${sorry}(?:as an ai[^.]{0,40}, ?)?i ?${notAble} ${work} (?:you (?:with )?)?(?:an?|the|any) (?:[^.]{0,30} )?${kind}\\b`,
  `i ?${notAble} ${work} (?:that|this|your|the|such an?) (?:[a-z]+ )?(?:request|prompt|task|question|` +
    `information|content|${kind}|topic|(?:kind|type|sort) of)\\b`,
  `i ?${notAble} ${work} (?:you )?(?:with )?(?:an?|the) (?:review|summary|headline|text)\\b(?: (?:of|` +
    "for) (?:an?|the|this|that) (?:movie|film|article|book|text)| because i am| that i have not)",
  `i ?${notAble} (?:discuss|answer|engage in) (?:that|this|such)\\b`,
  `i ?${notAble} (?:read|see|access|open|view|browse|watch) (?:it$|(?:the|your|that|this|any|external) (?:articles?|` +
    "websites?|text|file|link|image|website|url|internet|page|account|messages?)\\b)(?! (?:since|" +
    "from|because|on))",
  "i (?:didn't|did not|haven't|have not) (?:receive|see|get|been given) (?:the|any|your) (?:article|" +
    "text|movie|message|file)\\b",
  "(?:i do not feel|i don't feel|i'm not|i am not) comfortable (?:writing|generating|discussing|" +
    "creating|providing)\\b",
  "it (?:is|'s) (?:not (?:possible|appropriate) (?:for me )?to (?:write|generate|provide|create)|" +
    "important to note that)\\b",
  // it speaks of itself
  "(?:am not|i'm not|i am not) programmed to\\b",
  "i do(?:n't| not) have the (?:ability|capability|capacity) to (?:watch|write|access|provide|see|" +
    "browse|view|generate|create|read|feel|form|express)\\b",
  `(?:i'm|i am) (?:just |only |but )?(?:an? |the |your )?(?:helpful |friendly |virtual )*${machine}\\b(?! (?:student|` +
    "sceptic|skeptic|fan|researcher|engineer|developer|company|enthusiast|expert|startup))",
  "(?:i'm|i am) (?:qwen|chatgpt|gemma|gemini|smollm\\w*|claude|llama|deepseek|an assistant\\b(?! (?:manager|" +
    "professor|coach|director|teacher))|a helpful assistant|the assistant of)",
  "you are (?:an? )?(?:helpful|ai|friendly|virtual) ?(?:ai )?(?:language model|assistant)",
  "as (?:a|your) (?:helpful |friendly )?(?:virtual |digital |ai )?(?:assistant|chatbot|bot)\\b,? (?:i|my)\\b",
  "i (?:do not|don't) have (?:personal (?:opinions|feelings|experiences|preferences|beliefs)|access to (?:real-time|" +
    "your personal|current|the internet|external)|opinions or feelings)",
  "i was (?:created|trained|developed|made|designed) by (?:a team of (?:researchers|engineers)|" +
    "openai|alibaba|google|anthropic|meta|microsoft)",
  "(?:based on )?my (?:training data|knowledge cut-?off)\\b",
  "i strive to be (?:helpful|honest)",
  // it says what comes
  `${agreed}${hereIs} ${article}\\b[^\\n.:]{0,80}\\b${kind}\\b[^\\n.:]{0,120}:`,
  `${agreed}${hereIs} (?:one|it|some|what you asked for)\\b[^\\n.:]{0,40}:`,
  `${hereIs} (?:${article}\\b[^\\n.:]{0,80}\\b${kind}|one)\\b[^\\n.:]{0,120}:["*]*(?:\\s*$|\\s*\\n)`,
  `${hereIs} ${article} (?:[a-z-]+ )?(?:short|brief|possible|sample|one-sentence|two-sentence|draft|` +
    `revised|completed|trivia|positive|negative)\\b[^\\n.:]{0,60}\\b${kind}\\b[^\\n.:]{0,120}:`,
  `${hereIs} ${article}\\b[^\\n.:]{0,60}\\b${kind} (?:for you|you (?:asked|requested|wanted)|as requested|` +
    "based on|(?:of|for) (?:the|a|an|your) (?:given |news |provided )?(?:article|text|movie|film|" +
    "prompt|request))\\b[^\\n.:]{0,80}:",
  "(?:below|the following|this) is (?:a|an|the|one|my)\\b[^\\n.:]{0,60}\\b(?:summary|question|review|" +
    "headline|message|example|sentence|definition) (?:of|for|from|that|about) (?:a|an|the) (?:news|" +
    `short|one|positive|negative|movie|customer|article|trivia|${kind})\\b`,
  "(?:below|the following) is (?:a|an|the|one|my) (?:[a-z-]+ ){0,3}(?:summary|question|review|headline|" +
    "message|sentence|definition|text|answer)\\b[:,.]?",
  `as (?:you )?requested,? (?:here|an?|the)\\b`,
  `(?:based on|according to) (?:the|your|this) (?:given|provided|above|instructions?|request|prompt|context)\\b`,
  `(?:to|in order to) (?:write|create|generate|provide|complete) (?:a|an|the|this|your) (?:[a-z-]+ )?${kind}\\b,? `,
  `the (?:${kind}) (?:is (?:positive|negative|neutral)\\.?$|should be\\b|asks for\\b)`,
  "i(?:'ll| will| would) (?:write|provide|create|generate|give|do my best to write) (?:you )?(?:an?|" +
    `the|one)\\b[^.:]{0,60}\\b(?:${kind})\\b[^.:\\n]{0,60}(?:[:.]$|[:.] )(?<!later; .{0,40})`,
  `let's (?:write|create|generate|start by writing) (?:an?|the|your|this)\\b[^.]{0,40}\\b${kind}\\b`,
  "i need (?:more (?:information|context|details)|the (?:article|text|full text)|to know) (?:to|" +
    "in order to|so that i can) (?:write|answer|summari[sz]e|help|provide|create|complete|generate)\\b",
  "(?:i'll|i will) give you an example:",
  // it offers help
  "(?:(?:sure(?: thing)?|certainly|of course|absolutely|okay|ok|great|yes|no problem|hello|hi|hi there|" +
    "hello there|alright)[,.!:]* ?)(?:i(?:'d| would| will|'ll)? (?:(?:be|am|'m) )?(?:happy|glad|pleased|" +
    "here) to (?:help|assist|write|create|generate|provide)\\b|i(?:'m| am) (?:happy|glad|here) to (?:help|" +
    "assist)|i can (?:certainly |definitely )?(?:help|assist|write|provide|do that)\\b|i(?:'ll| will) (?:help|" +
    "assist|write|provide|create|do)\\b)",
  "i(?:'d| would|'ll| will|'m| am) (?:be )?(?:happy|glad|pleased|here|delighted) to (?:help(?:!|" +
    "\\.| you| with that)|assist (?:you|with)|write (?:a|an|one)|provide)(?! understand)",
  "i can (?:certainly |definitely |surely )?(?:help|assist) you\\b",
  "(?:i'll|i will|let me) help you with (?:that|this|your (?:request|question))\\b",
  "(?:i will|i'll) be happy to (?:assist|help)\\b",
  "(?:hello|hi|hey|greetings)?(?: there)?[,.! ]*how (?:can|may) (?:i|we) (?:help|assist) you\\b",
  "what would you like (?:me )?to (?:write|know|ask|discuss)\\b",
  "(?:sure|certainly|of course|okay|ok)[,.!]+ (?:(?:could|can) you (?:please )?|please )?(?:provide|" +
    "tell me|give me|share|what is the (?:name|title) of)\\b",
  "please (?:provide|share|paste|give|send)(?: me)?(?: with)? (?:the|your|more|an?) (?:article|" +
    "text|movie|title|name of the|more|details|context|account number|card number|information|full)\\b[^.]{0,60}(?:\\bi\\b|" +
    "\\bme\\b|\\.|$)",
  "(?:could|can) you (?:please )?provide (?:me with )?(?:more|additional|the) (?:context|details|" +
    "information|text|article|movie)\\b[^.?]{0,40}(?:about the (?:movie|article|text|question)|so (?:that )?i can|" +
    "that you)",
  "please let me know (?:if you (?:need|have|want|would like)|how i can (?:help|assist))",
  "it(?:'s| is|'d be| would be) (?:a|my) pleasure to (?:assist|help|serve) you\\b",
  '(?:a|one) (?:[a-z-]+ ){0,3}(?:review|summary|question|headline|message|article) (?:of|for|about|like|from|could be|would be) [^.:"\n]{0,60}(?:is|could be|would be|might be)(?: as follows)?:? "',
  "let me know if you(?:'d| would| need| have| want)? (?:like me to|any (?:further|more|other|additional)|" +
    "me to|further|anything else)",
  "is there anything else i can\\b",
  "(?:if you (?:have any (?:other|more|further) questions|need (?:further|more|any further|any other) (?:assistance|" +
    "help|information)))\\b",
  "feel free to ask if you\\b",
  // it answers a customer
  "(?:hello|hi|dear [a-z]+)?[,.! ]*(?:i'm|i am|we're|we are)? ?(?:so |very |really )?sorry to hear (?:that\\.|" +
    "(?:that )?(?:you\\b|your\\b(?! (?:own|self)))|about your\\b)",
  "(?:we|i) (?:do )?(?:sincerely )?apologi[sz]e for (?:the|any) inconvenience",
  "(?:i'm|i am|we are) sorry for any inconvenience",
  "(?:dear (?:valued )?customer,? )?thank you for (?:contacting|reaching out|choosing|your (?:message|" +
    "question|inquiry|request|interest))\\b",
  "dear (?:valued )?customer, (?:we|thank)\\b",
  "thanks for asking",
  "i understand (?:your|that you(?:'re| are| have| would|'d)?|you(?:'re| are| have| would|'d)?) (?:frustration|" +
    "concern|feel|like to|want to|a question|having|need)",
  // it answers the person
  "(?:that's|that is|what) an? (?:great|good|excellent|interesting) question\\b",
  "(?:great|good|excellent) question!",
  "(?:it (?:seems|looks|appears)(?: like| that)?) (?:you (?:forgot|(?:have|did) ?n[o']t|haven't|" +
    "didn't|meant|(?:may|might) have|(?:want|would like|need) (?:me|help|to know|some))\\b|you(?:'re|" +
    " are) (?:looking for|asking|referring|trying to ask|interested)\\b|there (?:is|was) (?:a|an|" +
    "some) (?:mistake|error|typo|misunderstanding) in your|your (?:message|question|request))",
  "you (?:haven't|have not|did not|didn't) (?:provide|specif|includ|mention)",
  "(?:system|assistant|user|human): ",
];
