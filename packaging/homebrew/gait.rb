# Formula of a release. The placeholders are filled from SHA256SUMS after its signature has been verified.
class Gait < Formula
  desc "Policy gate and signed evidence for the tool calls of AI agents"
  homepage "@HOMEPAGE@"
  version "@VERSION@"
  license "Apache-2.0"

  on_macos do
    on_arm do
      url "@BASE_URL@/gait-@VERSION@-macos-arm64"
      sha256 "@SHA256_MACOS_ARM64@"
    end
    on_intel do
      url "@BASE_URL@/gait-@VERSION@-macos-x64"
      sha256 "@SHA256_MACOS_X64@"
    end
  end

  on_linux do
    on_arm do
      url "@BASE_URL@/gait-@VERSION@-linux-arm64"
      sha256 "@SHA256_LINUX_ARM64@"
    end
    on_intel do
      url "@BASE_URL@/gait-@VERSION@-linux-x64"
      sha256 "@SHA256_LINUX_X64@"
    end
  end

  def install
    bin.install Dir["gait-*"].first => "gait"
    generate_completions_from_executable(bin/"gait", "completion", shells: [:bash, :zsh, :fish])
  end

  test do
    assert_match version.to_s, shell_output("#{bin}/gait version --json")
  end
end
