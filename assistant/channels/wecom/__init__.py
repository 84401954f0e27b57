"""企业微信 as a channel: encrypted callbacks come in, the message interface carries what goes out."""
